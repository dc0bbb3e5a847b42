var a >= -5, <= 5; var b;
minimize F: a + b;
subject to p: -1 <= a <= 2 complements b;
