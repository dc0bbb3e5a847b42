* Model two roads
* variable T_2 is T

Free Variables objective, objective_drivers, objective_shop;
Positive Variables t, x_toll, x_free, T_2;
Equations objective_def, objective_drivers_def, objective_shop_def, trips, sum_lo, sum_hi, cap;

objective_def.. objective =e= T_2 + t*x_toll;
objective_drivers_def.. objective_drivers =e= 2*x_toll + 7*x_free + t*x_toll;
objective_shop_def.. objective_shop =e= T_2 - t*T_2 - sqr(T_2);
trips.. x_toll + x_free =e= 100;
sum_lo.. t + T_2 =g= -1;
sum_hi.. t + T_2 =l= 12;
cap.. t + T_2 =l= 11;

t.up = 10;
t.l = 3;
T_2.up = 5;

Model two_roads / all /;
$onecho > "%emp.info%"
bilevel t
min objective_drivers x_toll x_free objective_drivers_def trips
max objective_shop T_2 objective_shop_def sum_lo sum_hi
$offecho
Solve two_roads using EMP maximizing objective;
