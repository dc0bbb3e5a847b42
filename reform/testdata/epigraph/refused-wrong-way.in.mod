var x >= 0, <= 3;
minimize F: -abs(x - 1);
