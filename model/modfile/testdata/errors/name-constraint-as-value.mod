var x;
subject to c: x >= 1;
minimize f: c;
