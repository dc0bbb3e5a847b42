var x >= 0, <= 4;
lower f; var y integer >= 0, <= 3;
minimize g: y;
subject to r: y >= x;
upper; minimize F: x;
