var x;
subject to c: x >= 1;
subject to p: c.uslack >= 0 complements x >= 0;
