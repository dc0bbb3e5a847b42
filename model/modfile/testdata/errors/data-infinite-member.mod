set S;
data;
set S := 1 Infinity;
