var `my x;
minimize f: 1;
