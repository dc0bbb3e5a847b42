param p := if 1 = 1 2 else 3;
