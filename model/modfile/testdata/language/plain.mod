# An ordinary AMPL model: the first objective counts.
var x >= 0;
maximize f: 3*x;
minimize g: x;
s.t. c: x <= 4;
display x; option solver "a;b"; solve; printf "%d;\n", x;
