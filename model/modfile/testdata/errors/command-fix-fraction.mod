var b binary;
fix b := 0.5;
