set I := 1..3;
var x {I} >= 0;
var y >= 0, <= 10;
var l {1..4};
var f >= 1, <= 5;
subject to
   own {i in I: i < 3}: 0 <= x[i] complements l[i] >= 0;
   upper_: y <= 10 complements x[3] + l[1] <= 4;
   both: x[1] + x[2] >= l[1] complements l[2] - 1 <= y;
   mixed: 0 <= y <= 10 complements l[3];
   mixed2: l[4] - y complements 3 >= x[1] + l[4] >= -1;
   part: 0 <= y <= 4 complements l[3] + 1;
   equation: x[1] + y = 4 complements l[4];
   fixed_: f >= 1 complements y >= 0;
   touching: 0 <= x[1]complements x[2] >= 0;
fix f := 1;
