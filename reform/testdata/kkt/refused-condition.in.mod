var z binary;
lower f;
var y >= 0, <= 4;
minimize g: -y;
subject to closed: z = 0 ==> y <= 1;
upper;
minimize F: y + z;
