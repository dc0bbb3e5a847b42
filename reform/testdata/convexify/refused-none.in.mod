var x >= 0, <= 10; var w >= 0, <= 10;
lower f; var y >= 0, <= 1;
minimize g: y;
upper; minimize F: x * w;
