param p default 1;
for {i in 1..2} { let p := i;
