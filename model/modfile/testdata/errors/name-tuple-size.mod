set A := {(1,2), (2,3)};
var x {(i,j,k) in A};
