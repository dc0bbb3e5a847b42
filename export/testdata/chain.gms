* Model chain
* variable very_long_very_long_very_long_very_long_very_long_very_long_ver is very_long_very_long_very_long_very_long_very_long_very_long_very_long_very_long_very_long_very_long_very_long_very_long_
* equation all_ is all

Free Variables objective;
Positive Variables a_rather_long_name_of_a_family_0, a_rather_long_name_of_a_family_1, a_rather_long_name_of_a_family_2, a_rather_long_name_of_a_family_3, a_rather_long_name_of_a_family_4,
  a_rather_long_name_of_a_family_5, a_rather_long_name_of_a_family_6, a_rather_long_name_of_a_family_7, a_rather_long_name_of_a_family_8, a_rather_long_name_of_a_family_9,
  a_rather_long_name_of_a_family_10, a_rather_long_name_of_a_family_11, a_rather_long_name_of_a_family_12, a_rather_long_name_of_a_family_13, a_rather_long_name_of_a_family_14,
  a_rather_long_name_of_a_family_15, a_rather_long_name_of_a_family_16, a_rather_long_name_of_a_family_17, a_rather_long_name_of_a_family_18, a_rather_long_name_of_a_family_19,
  a_rather_long_name_of_a_family_20, a_rather_long_name_of_a_family_21, a_rather_long_name_of_a_family_22, a_rather_long_name_of_a_family_23, a_rather_long_name_of_a_family_24,
  a_rather_long_name_of_a_family_25, a_rather_long_name_of_a_family_26, a_rather_long_name_of_a_family_27, a_rather_long_name_of_a_family_28, a_rather_long_name_of_a_family_29,
  a_rather_long_name_of_a_family_30, a_rather_long_name_of_a_family_31, a_rather_long_name_of_a_family_32, a_rather_long_name_of_a_family_33, a_rather_long_name_of_a_family_34,
  a_rather_long_name_of_a_family_35, a_rather_long_name_of_a_family_36, a_rather_long_name_of_a_family_37, a_rather_long_name_of_a_family_38, a_rather_long_name_of_a_family_39,
  very_long_very_long_very_long_very_long_very_long_very_long_ver;
Equations objective_def, all_;

objective_def.. objective =e= a_rather_long_name_of_a_family_0 + a_rather_long_name_of_a_family_1 + a_rather_long_name_of_a_family_2 + a_rather_long_name_of_a_family_3
  + a_rather_long_name_of_a_family_4 + a_rather_long_name_of_a_family_5 + a_rather_long_name_of_a_family_6 + a_rather_long_name_of_a_family_7 + a_rather_long_name_of_a_family_8
  + a_rather_long_name_of_a_family_9 + a_rather_long_name_of_a_family_10 + a_rather_long_name_of_a_family_11 + a_rather_long_name_of_a_family_12 + a_rather_long_name_of_a_family_13
  + a_rather_long_name_of_a_family_14 + a_rather_long_name_of_a_family_15 + a_rather_long_name_of_a_family_16 + a_rather_long_name_of_a_family_17 + a_rather_long_name_of_a_family_18
  + a_rather_long_name_of_a_family_19 + a_rather_long_name_of_a_family_20 + a_rather_long_name_of_a_family_21 + a_rather_long_name_of_a_family_22 + a_rather_long_name_of_a_family_23
  + a_rather_long_name_of_a_family_24 + a_rather_long_name_of_a_family_25 + a_rather_long_name_of_a_family_26 + a_rather_long_name_of_a_family_27 + a_rather_long_name_of_a_family_28
  + a_rather_long_name_of_a_family_29 + a_rather_long_name_of_a_family_30 + a_rather_long_name_of_a_family_31 + a_rather_long_name_of_a_family_32 + a_rather_long_name_of_a_family_33
  + a_rather_long_name_of_a_family_34 + a_rather_long_name_of_a_family_35 + a_rather_long_name_of_a_family_36 + a_rather_long_name_of_a_family_37 + a_rather_long_name_of_a_family_38
  + a_rather_long_name_of_a_family_39 - very_long_very_long_very_long_very_long_very_long_very_long_ver;
all_.. a_rather_long_name_of_a_family_0 + a_rather_long_name_of_a_family_1 + a_rather_long_name_of_a_family_2 + a_rather_long_name_of_a_family_3 + a_rather_long_name_of_a_family_4
  + a_rather_long_name_of_a_family_5 + a_rather_long_name_of_a_family_6 + a_rather_long_name_of_a_family_7 + a_rather_long_name_of_a_family_8 + a_rather_long_name_of_a_family_9
  + a_rather_long_name_of_a_family_10 + a_rather_long_name_of_a_family_11 + a_rather_long_name_of_a_family_12 + a_rather_long_name_of_a_family_13 + a_rather_long_name_of_a_family_14
  + a_rather_long_name_of_a_family_15 + a_rather_long_name_of_a_family_16 + a_rather_long_name_of_a_family_17 + a_rather_long_name_of_a_family_18 + a_rather_long_name_of_a_family_19
  + a_rather_long_name_of_a_family_20 + a_rather_long_name_of_a_family_21 + a_rather_long_name_of_a_family_22 + a_rather_long_name_of_a_family_23 + a_rather_long_name_of_a_family_24
  + a_rather_long_name_of_a_family_25 + a_rather_long_name_of_a_family_26 + a_rather_long_name_of_a_family_27 + a_rather_long_name_of_a_family_28 + a_rather_long_name_of_a_family_29
  + a_rather_long_name_of_a_family_30 + a_rather_long_name_of_a_family_31 + a_rather_long_name_of_a_family_32 + a_rather_long_name_of_a_family_33 + a_rather_long_name_of_a_family_34
  + a_rather_long_name_of_a_family_35 + a_rather_long_name_of_a_family_36 + a_rather_long_name_of_a_family_37 + a_rather_long_name_of_a_family_38 + a_rather_long_name_of_a_family_39 =g= 7.5;

a_rather_long_name_of_a_family_0.up = 1;
a_rather_long_name_of_a_family_1.up = 1;
a_rather_long_name_of_a_family_2.up = 1;
a_rather_long_name_of_a_family_3.up = 1;
a_rather_long_name_of_a_family_4.up = 1;
a_rather_long_name_of_a_family_5.up = 1;
a_rather_long_name_of_a_family_6.up = 1;
a_rather_long_name_of_a_family_7.up = 1;
a_rather_long_name_of_a_family_8.up = 1;
a_rather_long_name_of_a_family_9.up = 1;
a_rather_long_name_of_a_family_10.up = 1;
a_rather_long_name_of_a_family_11.up = 1;
a_rather_long_name_of_a_family_12.up = 1;
a_rather_long_name_of_a_family_13.up = 1;
a_rather_long_name_of_a_family_14.up = 1;
a_rather_long_name_of_a_family_15.up = 1;
a_rather_long_name_of_a_family_16.up = 1;
a_rather_long_name_of_a_family_17.up = 1;
a_rather_long_name_of_a_family_18.up = 1;
a_rather_long_name_of_a_family_19.up = 1;
a_rather_long_name_of_a_family_20.up = 1;
a_rather_long_name_of_a_family_21.up = 1;
a_rather_long_name_of_a_family_22.up = 1;
a_rather_long_name_of_a_family_23.up = 1;
a_rather_long_name_of_a_family_24.up = 1;
a_rather_long_name_of_a_family_25.up = 1;
a_rather_long_name_of_a_family_26.up = 1;
a_rather_long_name_of_a_family_27.up = 1;
a_rather_long_name_of_a_family_28.up = 1;
a_rather_long_name_of_a_family_29.up = 1;
a_rather_long_name_of_a_family_30.up = 1;
a_rather_long_name_of_a_family_31.up = 1;
a_rather_long_name_of_a_family_32.up = 1;
a_rather_long_name_of_a_family_33.up = 1;
a_rather_long_name_of_a_family_34.up = 1;
a_rather_long_name_of_a_family_35.up = 1;
a_rather_long_name_of_a_family_36.up = 1;
a_rather_long_name_of_a_family_37.up = 1;
a_rather_long_name_of_a_family_38.up = 1;
a_rather_long_name_of_a_family_39.up = 1;
very_long_very_long_very_long_very_long_very_long_very_long_ver.up = 1;

Model chain / all /;
Solve chain using LP minimizing objective;
