# Ten cars go past a school or round it, in the same time. The city may close the street past the school in part, or take a toll there.
param most_toll := 0;

var open >= 0, <= 10;                   # cars that the street past the school lets through
var toll >= 0, <= most_toll;            # minutes of a driver's time

lower drivers;
var past >= 0;
var round >= 0;
minimize time: (5 + toll) * past + 5 * round;
subject to trips: past + round = 10;
subject to gate: past <= open;

upper;
minimize harm: 3 * past + (10 - open) + 4 * toll;
