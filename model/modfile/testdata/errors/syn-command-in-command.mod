set I := 1..2;
for {i in I} { var x; }
