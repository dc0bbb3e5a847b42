# kkt: follower f is convex by rules; an answer inside of its constraints was found at 0 of 40 sampled decisions, not at y = 0: its stationary points are answers, and answers may be missing where the qualification fails
var x >= -1, <= 1;
var y;
var u_point >= 0;
minimize F: x + y;
subject to point: y^2 <= 0;
subject to stat_y: 2*y*u_point = -1;
subject to c_point: u_point >= 0 complements point.uslack >= 0;
