# Each kind of a mixed pair: both bounds, one, none, equal.
var a >= -5, <= 5; var b; var c; var d; var e;
minimize F: a + b + c + d + e;
subject to range: -1 <= a + b <= 2 complements c - d;
subject to least: 0 <= b <= Infinity complements c - 3;
subject to equal: a + c = 3 complements e;
subject to signed: d - 1 <= 0 complements c + 3 >= 0;
