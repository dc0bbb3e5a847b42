for {i in 1..3} let i := 2;
