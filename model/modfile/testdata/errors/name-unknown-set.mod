var x {i in Roads} >= 0;
