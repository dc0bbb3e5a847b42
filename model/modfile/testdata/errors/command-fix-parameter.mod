param p default 3;
fix p := 2;
