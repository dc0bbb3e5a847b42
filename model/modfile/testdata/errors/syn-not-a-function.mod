var x;
minimize f: foo(x);
