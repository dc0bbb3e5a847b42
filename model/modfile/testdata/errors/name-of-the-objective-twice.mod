var x >= 0;
minimize cost: x;
subject to cost: x >= 1;
