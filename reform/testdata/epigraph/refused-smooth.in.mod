var x >= 0;
minimize F: x^2;
