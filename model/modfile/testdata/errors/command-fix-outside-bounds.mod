var x >= 0, <= 2;
minimize f: x;
fix x := 3;
