# Model plant no. 1
# constraint st_ is st

var make_car_1 >= 0;
var make_van_1 >= 0;
var lots integer >= 2, <= 9;
var shift;
var e9 >= -3, <= -1;
var free binary;
var inflow <= 1;
var x >= 3, <= 3;
var idle >= 0.25, <= 1000000000;
maximize objective_: 30*make_car_1 + 45*make_van_1 - 5*lots + 4*inflow + 12;
subject to capacity: -4 <= make_car_1 + make_van_1 <= 8;
subject to vans: make_van_1 - lots <= 0;
subject to balance: shift + e9 - x = 0.1;
subject to st_: lots + free <= 2.5;
subject to empty: 0 <= 1;
subject to watch: -Infinity <= make_car_1 <= Infinity;
