var p >= 0, <= 10;
lower f; var y >= 0;
minimize g: p * y;
subject to r: y + p >= 3;
upper; maximize F: p * y;
