# Bounds that the modeller vouches for are used as they are.
var a >= 0, <= 40; var b >= 0;
minimize F: a - b;
subject to p: 0 <= a complements b >= 0;
let p.dualbound := 9;
let p.slackbound := 8;
