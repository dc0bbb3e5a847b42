# The drivers' cost of the first road is its time and the toll; at a toll of 5 they are indifferent.
var toll >= 0, <= 10;
lower drivers;
var a >= 0; var b >= 0;
minimize cost: (2 + toll) * a + 7 * b;
subject to trips: a + b = 100;
upper;
maximize revenue: toll * a;
