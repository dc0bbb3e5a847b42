param p{0..0};
data;
param p := .;
