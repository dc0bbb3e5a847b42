var x >= 0, <= 4;
lower f; var y >= 0, <= 3;
maximize g: y^2 - x * y;
upper; minimize F: x;
