var x;
minimize f: "a"*x;
