set S;
data;
set S := a b c a;
