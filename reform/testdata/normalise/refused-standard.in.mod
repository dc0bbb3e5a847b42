var a >= 0; var b >= 0;
minimize F: a + b;
subject to p: 0 <= a complements b >= 0;
