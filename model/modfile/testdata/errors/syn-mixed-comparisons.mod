var x;
subject to c: 1 <= x >= 0;
