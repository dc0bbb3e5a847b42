var a >= 0;
minimize F: a;
