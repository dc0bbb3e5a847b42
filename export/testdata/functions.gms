* Model functions
* equation abs_ is abs
* equation sqrt_ is sqrt
* equation exp_ is exp
* equation log_ is log
* equation log10_ is log10
* equation sin_ is sin
* equation cos_ is cos
* equation tan_ is tan
* equation sinh_ is sinh
* equation cosh_ is cosh
* equation tanh_ is tanh
* equation floor_ is floor
* equation ceil_ is ceil
* equation round_ is round
* equation trunc_ is trunc
* equation mod_ is mod
* equation n__ is <
* equation n___ is <=
* equation n___2 is =
* equation n____2 is <>
* equation n____3 is >=
* equation n___3 is >
* equation and_ is and
* equation or_ is or
* equation not_ is not
* equation if_ is if

Free Variables objective, x, y;
Equations objective_def, abs_, sqrt_, exp_, log_, log10_, sin_, cos_, tan_, asin, acos, atan, sinh_, cosh_, tanh_, asinh, acosh, atanh, floor_, ceil_, round_, trunc_, atan2, mod_, div, less, n__,
  n___, n___2, n____2, n____3, n___3, and_, or_, not_, if_, powers, quotients, signs;

objective_def.. objective =e= exp(x - y);
abs_.. abs(x - 0.125*y) =l= 9;
sqrt_.. sqrt(x - 0.125*y) =l= 9;
exp_.. exp(x - 0.125*y) =l= 9;
log_.. log(x - 0.125*y) =l= 9;
log10_.. log10(x - 0.125*y) =l= 9;
sin_.. sin(x - 0.125*y) =l= 9;
cos_.. cos(x - 0.125*y) =l= 9;
tan_.. tan(x - 0.125*y) =l= 9;
asin.. arcsin(x - 0.125*y) =l= 9;
acos.. arccos(x - 0.125*y) =l= 9;
atan.. arctan(x - 0.125*y) =l= 9;
sinh_.. sinh(x - 0.125*y) =l= 9;
cosh_.. cosh(x - 0.125*y) =l= 9;
tanh_.. tanh(x - 0.125*y) =l= 9;
asinh.. log((x - 0.125*y) + sqrt(sqr(x - 0.125*y) + 1)) =l= 9;
acosh.. log((x + 1.5) + sqrt(sqr(x + 1.5) - 1)) =l= 9;
atanh.. 0.5*log((1 + (x - 0.125*y))/(1 - (x - 0.125*y))) =l= 9;
floor_.. floor(x - 0.125*y) =l= 9;
ceil_.. ceil(x - 0.125*y) =l= 9;
round_.. round(x - 0.125*y) =l= 9;
trunc_.. trunc(x - 0.125*y) =l= 9;
atan2.. arctan2(x*y, x + 0.5*y - 0.25) =l= 9;
mod_.. mod(x*y, x + 0.5*y - 0.25) =l= 9;
div.. trunc((x*y)/(x + 0.5*y - 0.25)) =l= 9;
less.. max(x*y - (x + 0.5*y - 0.25), 0) =l= 9;
n__.. rel_lt(x*y, x + 0.5*y - 0.25) =l= 9;
n___.. rel_le(x*y, x + 0.5*y - 0.25) =l= 9;
n___2.. rel_eq(x*y, x + 0.5*y - 0.25) =l= 9;
n____2.. rel_ne(x*y, x + 0.5*y - 0.25) =l= 9;
n____3.. rel_le(x + 0.5*y - 0.25, x*y) =l= 9;
n___3.. rel_lt(x + 0.5*y - 0.25, x*y) =l= 9;
and_.. bool_and(x*y, x + 0.5*y - 0.25) =l= 9;
or_.. bool_or(x*y, x + 0.5*y - 0.25) =l= 9;
not_.. bool_not(x - 0.125*y) =l= 9;
if_.. ifthen(rel_lt(x, y), min(x, y, -2), max(x, y)) =l= 9;
powers.. power(x + y, 3)*power(y, -2)*(x**0.3)*(2**(-y)) =l= 9;
quotients.. (x/(x + y))/(x*(y/(x - 7))) =l= 9;
signs.. -x*exp(-y) + 2*exp(-x - 3*y) - 1 =l= 9;

x.lo = 0.1;
x.up = 0.9;
y.lo = 0.2;
y.up = 3;

Model functions_ / all /;
Solve functions_ using DNLP minimizing objective;
