var sum >= 0;
