var x >= 0, <= 10;
lower f; var y >= 0;
minimize g: y - x * y;
upper; minimize F: x^2;
