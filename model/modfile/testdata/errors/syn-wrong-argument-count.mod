var x;
minimize f: atan2(x);
