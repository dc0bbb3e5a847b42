var x >= 0, <= 4;
minimize F: x;
