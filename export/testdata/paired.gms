* Model paired

Free Variables objective, top, box, any, rows_slack, again_slack, bounded_slack, sides_slack;
Positive Variables x_0, x_1, x_2;
Equations objective_def, single, double_lo, double_hi, plain, above, rows_def, rows, again_def, again, both, bounded_def, bounded, between, sides_def, sides, open;

objective_def.. objective =e= x_0 + x_1 + x_2 + sqr(box);
single.. x_0 + 2*x_1 =g= 1;
double_lo.. x_2 - any =g= -1;
double_hi.. x_2 - any =l= 1;
* value has no bounds
plain.. x_0 + 2*x_1 =g= 1;
above.. any + sqr(x_1) =l= 5;
rows_def.. rows_slack =e= -x_2 + any + 1;
rows.. any + exp(x_2) =g= 2;
again_def.. again_slack =e= x_2 - any + 1;
again.. x_0 =g= 0;
both.. x_2 =g= 0;
bounded_def.. bounded_slack =e= x_0 + 2*x_1 - 1;
bounded.. box =g= 1;
between.. log(x_1 + 3) =n= -0.5;
sides_def.. sides_slack =e= x_0 - any;
sides.. top =n= 0;
open.. log(x_1 + 3) =e= -0.5;

top.up = 4;
box.lo = 1;
box.up = 3;
rows_slack.lo = 0;
again_slack.lo = 0;
bounded_slack.lo = 0;
sides_slack.lo = -2;
sides_slack.up = 2;

Model paired / objective_def, single, double_lo, double_hi, plain.x_0, above.top, rows_def, rows.rows_slack, again_def, again.again_slack, both.x_1, bounded_def, bounded.bounded_slack, between.box,
  sides_def, sides.sides_slack, open.any /;
Solve paired using MPEC minimizing objective;
