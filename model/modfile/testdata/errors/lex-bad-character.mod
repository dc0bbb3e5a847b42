var x >= 0;
minimize f: x $ 2;
