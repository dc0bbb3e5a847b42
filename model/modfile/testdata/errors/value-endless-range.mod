var x {1..Infinity};
