var x;
minimize f: x + ;
