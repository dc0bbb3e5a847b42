var p >= 0, <= 10;
lower f; var y >= 0; var z >= 0;
minimize g: p * y + p * z;
subject to r: y + z >= 3;
upper; maximize F: p * y + 2 * p * z;
