set A := {(1,2)};
set B := A union 1..2;
