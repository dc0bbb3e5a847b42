set I := 1..4;
set Odd default {};
param p {I} default 0;
param q {i in I} = 2*p[i];
var x {I} >= 0, <= 3;
var y := 2;
minimize f: sum {i in I} q[i]*x[i] + y;
data;
param p := 1 1 2 5;
for {i in I} {
    if i mod 2 = 1 then let Odd := Odd union {i};
    else { let p[i] := p[i] + 10; }
}
let {i in Odd} x[i] := i + y;
let y := y + 1;
fix x[2] := 1.5;
fix {i in 3..4} x[i];
unfix x[4];
check: card(Odd) = 2;
check {i in Odd}: p[i] <= 1;
