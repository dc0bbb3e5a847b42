var x;
/* never closed
minimize f: x;
