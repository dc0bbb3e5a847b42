set A dimen 2 := 1..3;
