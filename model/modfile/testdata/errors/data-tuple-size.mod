set A dimen 2;
data;
set A := (1,2) (2,3,4);
