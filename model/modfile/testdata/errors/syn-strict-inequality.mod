var x;
subject to c: x < 1;
