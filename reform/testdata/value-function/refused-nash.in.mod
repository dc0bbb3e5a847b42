var x >= 0;
lower one nash; var a >= 0;
lower two nash; var b >= 0;
lower one; minimize f: (a - 1)^2 + a*b;
lower two; minimize g: (b - 1)^2 + a*b;
upper;
minimize F: x + a + b;
