# epigraph: 9 kinks written by variables above or below their arguments: exact; others are left
var x >= 0, <= 5;

lower lower;
var y {1..2} >= -10, <= 10;

upper;
var max_F;
var min_F;

lower lower;
var abs_f >= 0;
var max_f;
var abs_f_ >= 0;
var max_f_;
var max_f__;

upper;
var max_near;

lower lower;
var min_far;

upper;
maximize F: x - 3*max_F + min_F - y[2]^2 - abs(y[2])*abs(y[1]);

lower lower;
minimize f: abs_f + max_f + max_f__^2 + exp(max_f_);

upper;
subject to near: max_near <= 1;
subject to both: -2 <= abs(x - 1) <= 2;

lower lower;
subject to far: min_far >= -5;

upper;
subject to at_max_F[0]: x - y[1] - max_F <= 0;
subject to at_max_F[1]: -max_F <= 0;
subject to at_min_F[0]: -y[1] - min_F >= -4;
subject to at_min_F[1]: y[1] - min_F >= 0;

lower lower;
subject to at_abs_f[0]: -x + y[1] - abs_f <= 0;
subject to at_abs_f[1]: x - y[1] - abs_f <= 0;
subject to at_max_f[0]: y[1] - max_f <= 0;
subject to at_max_f[1]: y[2] - max_f <= 0;
subject to at_max_f[2]: -max_f + abs_f_ <= 0;
subject to at_abs_f_[0]: y[2] - abs_f_ <= -1;
subject to at_abs_f_[1]: -y[2] - abs_f_ <= 1;
subject to at_max_f_[0]: -max_f_ <= 0;
subject to at_max_f_[1]: y[1] - max_f_ <= 0;
subject to at_max_f__[0]: -max_f__ <= 0;
subject to at_max_f__[1]: y[2] - max_f__ <= 0;

upper;
subject to at_max_near[0]: x - max_near <= 3;
subject to at_max_near[1]: 2*x - max_near <= 7;

lower lower;
subject to at_min_far[0]: y[1] - min_far >= 0;
subject to at_min_far[1]: y[2] - min_far >= 0;
