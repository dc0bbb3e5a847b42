* Model chosen
* variable x_1_2 is x_1
* variable sum_ is sum
* variable gr____e is größe
* variable longlonglonglonglonglonglonglonglonglonglonglonglonglonglonglon is longlonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglong
* variable longlonglonglonglonglonglonglonglonglonglonglonglonglonglongl_2 is longlonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonger
* equation solve_ is solve

Free Variables objective, x_0, x_1, x_2;
Positive Variables x_1_2, sum_, gr____e, longlonglonglonglonglonglonglonglonglonglonglonglonglonglonglon, longlonglonglonglonglonglonglonglonglonglonglonglonglonglongl_2;
Set one_places / 1*3 /;
SOS1 Variables one(one_places);
Equations objective_def, solve_, one_link_1, one_link_2, one_link_3;

objective_def.. objective =e= x_0 + x_1 + x_2;
solve_.. x_0 + x_1 + x_2 =l= 5;
one_link_1.. one('1') =e= x_0;
one_link_2.. one('2') =e= x_1;
one_link_3.. one('3') =e= x_2;

x_0.lo = -1;
x_0.up = 4;
x_1.lo = -1;
x_1.up = 4;
x_2.lo = -1;
x_2.up = 4;
x_1_2.up = 1;
sum_.up = 1;
gr____e.up = 1;
longlonglonglonglonglonglonglonglonglonglonglonglonglonglonglon.up = 1;
longlonglonglonglonglonglonglonglonglonglonglonglonglonglongl_2.up = 1;
one.lo('1') = -1;
one.up('1') = 4;
one.lo('2') = -1;
one.up('2') = 4;
one.lo('3') = -1;
one.up('3') = 4;

Model chosen / all /;
Solve chosen using MIP maximizing objective;
