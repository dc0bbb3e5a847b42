* Model plant no. 1
* variable free_ is free

Free Variables objective, shift, e9, inflow, x, idle;
Positive Variables make_car_1, make_van_1;
Integer Variables lots;
Binary Variables free_;
Equations objective_def, capacity_lo, capacity_hi, vans, balance, st, empty;

objective_def.. objective =e= 30*make_car_1 + 45*make_van_1 - 5*lots + 4*inflow + 12;
capacity_lo.. make_car_1 + make_van_1 =g= -4;
capacity_hi.. make_car_1 + make_van_1 =l= 8;
vans.. make_van_1 - lots =l= 0;
balance.. shift + e9 - x =e= 0.1;
st.. lots + free_ =l= 2.5;
empty.. 0 =l= 1;
* watch has no bounds

lots.lo = 2;
lots.up = 9;
e9.lo = -3;
e9.up = -1;
inflow.up = 1;
x.fx = 3;
idle.lo = 0.25;
idle.up = 1000000000;

Model plant_no__1 / all /;
Solve plant_no__1 using MIP maximizing objective;
