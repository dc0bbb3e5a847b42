var x >= 0;
minimize F: floor(x) + abs(x - 2);
