set A;
set B dimen 2;
set C {1..2};
set M dimen 2;
param n;
param v {A};
param t {A, 1..3};
param r {1..3, A} default -1;
param k {A, 1..2, 1..2};
param w {B};
param u {A} symbolic;
param c1 {A};
param c2 {A};
param big {1..2, 1..2};
var x {A} >= 0;
var s {A};
minimize f: n*sum {a in A} (v[a] + c1[a] + c2[a])*x[a] + sum {a in A, i in 1..3} t[a,i]*s[a] + sum {i in 1..3, a in A} r[i,a]
   + sum {a in A, i in 1..2, j in 1..2} 10^i*j*k[a,i,j] + sum {(i,j) in B} w[i,j] + sum {i in 1..2, e in C[i]} i*e + card(M);
subject to c {a in A: u[a] = 'blue'}: x[a] >= 1;
data;
param n := 2;
param : A : v :=   # fills A
   red 1, 'dark green' 2
   blue-1 3;
set B := (1,2) (2,3), (3,1);
set C[1] := 1 2;   set C[2] := 5;
set M : 1 2 3 :=
    1   + - +
    2   - - + ;
param t : 1 2 3 := red 1 2 3 "dark green" 4 5 6 blue-1 7 8 9;
param r (tr) : 1 2 := red 1 2 "dark green" . 4
  : 3 := red 9 "dark green" 8;
param k := [*,1,1] red 1 "dark green" 2 blue-1 3 [*,1,2] red 0 "dark green" 0 blue-1 0 [red,2,*] 1 1 2 1 ["dark green",*,*]: 1 := 2 5 : 2 := 2 6 ["blue-1",2,1] 4 [blue-1,2,2] 4;
param w := 1 2 100 2 3 200 3 1 300;
param u := red blue "dark green" "blue" blue-1 x;
param : c1 c2 s := red 1 2 3 "dark green" 4 . 5 blue-1 6 7 8;
param c2 := "dark green" 0;
var x := red 9 blue-1 1e1;
end;
