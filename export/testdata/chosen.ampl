# Model chosen
# variable x_1_2 is x_1
# variable sum_ is sum
# variable gr____e is größe
# constraint solve_ is solve

var x_0 >= -1, <= 4;
var x_1 >= -1, <= 4;
var x_2 >= -1, <= 4;
var x_1_2 >= 0, <= 1;
var sum_ >= 0, <= 1;
var gr____e >= 0, <= 1;
var longlonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglong >= 0, <= 1;
var longlonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonger >= 0, <= 1;
maximize objective_: x_0 + x_1 + x_2;
subject to solve_: x_0 + x_1 + x_2 <= 5;
suffix sosno; suffix ref;
# SOS1 set one
let x_0.sosno := 1; let x_0.ref := 1;
let x_1.sosno := 1; let x_1.ref := 2;
let x_2.sosno := 1; let x_2.ref := 4;
