var x;
subject to c: 1 <= x <= 3;
subject to p: 1 <= c.body <= 4 complements x;
