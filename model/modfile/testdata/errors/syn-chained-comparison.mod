param p := if 1 < 2 < 3 then 1;
