# Wishes go to the pairs.
var x >= 0, <= 4;
lower f;
var y >= 0, <= 9;
minimize g: -y;
subject to r: y - x <= 3;
upper;
minimize F: x - y;
let r.reform := "sos1";
let r.dualbound := 7;
let y.slackbound := 9;
