var x;
minimize f: 2·x;
