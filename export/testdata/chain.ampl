# Model chain
# constraint all_ is all

var a_rather_long_name_of_a_family_0 >= 0, <= 1;
var a_rather_long_name_of_a_family_1 >= 0, <= 1;
var a_rather_long_name_of_a_family_2 >= 0, <= 1;
var a_rather_long_name_of_a_family_3 >= 0, <= 1;
var a_rather_long_name_of_a_family_4 >= 0, <= 1;
var a_rather_long_name_of_a_family_5 >= 0, <= 1;
var a_rather_long_name_of_a_family_6 >= 0, <= 1;
var a_rather_long_name_of_a_family_7 >= 0, <= 1;
var a_rather_long_name_of_a_family_8 >= 0, <= 1;
var a_rather_long_name_of_a_family_9 >= 0, <= 1;
var a_rather_long_name_of_a_family_10 >= 0, <= 1;
var a_rather_long_name_of_a_family_11 >= 0, <= 1;
var a_rather_long_name_of_a_family_12 >= 0, <= 1;
var a_rather_long_name_of_a_family_13 >= 0, <= 1;
var a_rather_long_name_of_a_family_14 >= 0, <= 1;
var a_rather_long_name_of_a_family_15 >= 0, <= 1;
var a_rather_long_name_of_a_family_16 >= 0, <= 1;
var a_rather_long_name_of_a_family_17 >= 0, <= 1;
var a_rather_long_name_of_a_family_18 >= 0, <= 1;
var a_rather_long_name_of_a_family_19 >= 0, <= 1;
var a_rather_long_name_of_a_family_20 >= 0, <= 1;
var a_rather_long_name_of_a_family_21 >= 0, <= 1;
var a_rather_long_name_of_a_family_22 >= 0, <= 1;
var a_rather_long_name_of_a_family_23 >= 0, <= 1;
var a_rather_long_name_of_a_family_24 >= 0, <= 1;
var a_rather_long_name_of_a_family_25 >= 0, <= 1;
var a_rather_long_name_of_a_family_26 >= 0, <= 1;
var a_rather_long_name_of_a_family_27 >= 0, <= 1;
var a_rather_long_name_of_a_family_28 >= 0, <= 1;
var a_rather_long_name_of_a_family_29 >= 0, <= 1;
var a_rather_long_name_of_a_family_30 >= 0, <= 1;
var a_rather_long_name_of_a_family_31 >= 0, <= 1;
var a_rather_long_name_of_a_family_32 >= 0, <= 1;
var a_rather_long_name_of_a_family_33 >= 0, <= 1;
var a_rather_long_name_of_a_family_34 >= 0, <= 1;
var a_rather_long_name_of_a_family_35 >= 0, <= 1;
var a_rather_long_name_of_a_family_36 >= 0, <= 1;
var a_rather_long_name_of_a_family_37 >= 0, <= 1;
var a_rather_long_name_of_a_family_38 >= 0, <= 1;
var a_rather_long_name_of_a_family_39 >= 0, <= 1;
var very_long_very_long_very_long_very_long_very_long_very_long_very_long_very_long_very_long_very_long_very_long_very_long_ >= 0, <= 1;
minimize objective_: a_rather_long_name_of_a_family_0 + a_rather_long_name_of_a_family_1 + a_rather_long_name_of_a_family_2 + a_rather_long_name_of_a_family_3 + a_rather_long_name_of_a_family_4
  + a_rather_long_name_of_a_family_5 + a_rather_long_name_of_a_family_6 + a_rather_long_name_of_a_family_7 + a_rather_long_name_of_a_family_8 + a_rather_long_name_of_a_family_9
  + a_rather_long_name_of_a_family_10 + a_rather_long_name_of_a_family_11 + a_rather_long_name_of_a_family_12 + a_rather_long_name_of_a_family_13 + a_rather_long_name_of_a_family_14
  + a_rather_long_name_of_a_family_15 + a_rather_long_name_of_a_family_16 + a_rather_long_name_of_a_family_17 + a_rather_long_name_of_a_family_18 + a_rather_long_name_of_a_family_19
  + a_rather_long_name_of_a_family_20 + a_rather_long_name_of_a_family_21 + a_rather_long_name_of_a_family_22 + a_rather_long_name_of_a_family_23 + a_rather_long_name_of_a_family_24
  + a_rather_long_name_of_a_family_25 + a_rather_long_name_of_a_family_26 + a_rather_long_name_of_a_family_27 + a_rather_long_name_of_a_family_28 + a_rather_long_name_of_a_family_29
  + a_rather_long_name_of_a_family_30 + a_rather_long_name_of_a_family_31 + a_rather_long_name_of_a_family_32 + a_rather_long_name_of_a_family_33 + a_rather_long_name_of_a_family_34
  + a_rather_long_name_of_a_family_35 + a_rather_long_name_of_a_family_36 + a_rather_long_name_of_a_family_37 + a_rather_long_name_of_a_family_38 + a_rather_long_name_of_a_family_39
  - very_long_very_long_very_long_very_long_very_long_very_long_very_long_very_long_very_long_very_long_very_long_very_long_;
subject to all_: a_rather_long_name_of_a_family_0 + a_rather_long_name_of_a_family_1 + a_rather_long_name_of_a_family_2 + a_rather_long_name_of_a_family_3 + a_rather_long_name_of_a_family_4
  + a_rather_long_name_of_a_family_5 + a_rather_long_name_of_a_family_6 + a_rather_long_name_of_a_family_7 + a_rather_long_name_of_a_family_8 + a_rather_long_name_of_a_family_9
  + a_rather_long_name_of_a_family_10 + a_rather_long_name_of_a_family_11 + a_rather_long_name_of_a_family_12 + a_rather_long_name_of_a_family_13 + a_rather_long_name_of_a_family_14
  + a_rather_long_name_of_a_family_15 + a_rather_long_name_of_a_family_16 + a_rather_long_name_of_a_family_17 + a_rather_long_name_of_a_family_18 + a_rather_long_name_of_a_family_19
  + a_rather_long_name_of_a_family_20 + a_rather_long_name_of_a_family_21 + a_rather_long_name_of_a_family_22 + a_rather_long_name_of_a_family_23 + a_rather_long_name_of_a_family_24
  + a_rather_long_name_of_a_family_25 + a_rather_long_name_of_a_family_26 + a_rather_long_name_of_a_family_27 + a_rather_long_name_of_a_family_28 + a_rather_long_name_of_a_family_29
  + a_rather_long_name_of_a_family_30 + a_rather_long_name_of_a_family_31 + a_rather_long_name_of_a_family_32 + a_rather_long_name_of_a_family_33 + a_rather_long_name_of_a_family_34
  + a_rather_long_name_of_a_family_35 + a_rather_long_name_of_a_family_36 + a_rather_long_name_of_a_family_37 + a_rather_long_name_of_a_family_38 + a_rather_long_name_of_a_family_39 >= 7.5;
