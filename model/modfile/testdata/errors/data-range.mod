set S;
data;
set S := 1..5;
