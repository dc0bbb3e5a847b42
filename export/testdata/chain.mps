* Model chain
* brackets of names are written as parentheses, and quotes are left out
* variable very_long_very_long_very_long_very_long_very_long_very_long_very_long_very_long_very_long_ is very_long_very_long_very_long_very_long_very_long_very_long_very_long_very_long_very_long_very_long_very_long_very_long_
NAME chain FREE
ROWS
 N obj
 G all
COLUMNS
    a_rather_long_name_of_a_family(0) obj 1 all 1
    a_rather_long_name_of_a_family(1) obj 1 all 1
    a_rather_long_name_of_a_family(2) obj 1 all 1
    a_rather_long_name_of_a_family(3) obj 1 all 1
    a_rather_long_name_of_a_family(4) obj 1 all 1
    a_rather_long_name_of_a_family(5) obj 1 all 1
    a_rather_long_name_of_a_family(6) obj 1 all 1
    a_rather_long_name_of_a_family(7) obj 1 all 1
    a_rather_long_name_of_a_family(8) obj 1 all 1
    a_rather_long_name_of_a_family(9) obj 1 all 1
    a_rather_long_name_of_a_family(10) obj 1 all 1
    a_rather_long_name_of_a_family(11) obj 1 all 1
    a_rather_long_name_of_a_family(12) obj 1 all 1
    a_rather_long_name_of_a_family(13) obj 1 all 1
    a_rather_long_name_of_a_family(14) obj 1 all 1
    a_rather_long_name_of_a_family(15) obj 1 all 1
    a_rather_long_name_of_a_family(16) obj 1 all 1
    a_rather_long_name_of_a_family(17) obj 1 all 1
    a_rather_long_name_of_a_family(18) obj 1 all 1
    a_rather_long_name_of_a_family(19) obj 1 all 1
    a_rather_long_name_of_a_family(20) obj 1 all 1
    a_rather_long_name_of_a_family(21) obj 1 all 1
    a_rather_long_name_of_a_family(22) obj 1 all 1
    a_rather_long_name_of_a_family(23) obj 1 all 1
    a_rather_long_name_of_a_family(24) obj 1 all 1
    a_rather_long_name_of_a_family(25) obj 1 all 1
    a_rather_long_name_of_a_family(26) obj 1 all 1
    a_rather_long_name_of_a_family(27) obj 1 all 1
    a_rather_long_name_of_a_family(28) obj 1 all 1
    a_rather_long_name_of_a_family(29) obj 1 all 1
    a_rather_long_name_of_a_family(30) obj 1 all 1
    a_rather_long_name_of_a_family(31) obj 1 all 1
    a_rather_long_name_of_a_family(32) obj 1 all 1
    a_rather_long_name_of_a_family(33) obj 1 all 1
    a_rather_long_name_of_a_family(34) obj 1 all 1
    a_rather_long_name_of_a_family(35) obj 1 all 1
    a_rather_long_name_of_a_family(36) obj 1 all 1
    a_rather_long_name_of_a_family(37) obj 1 all 1
    a_rather_long_name_of_a_family(38) obj 1 all 1
    a_rather_long_name_of_a_family(39) obj 1 all 1
    very_long_very_long_very_long_very_long_very_long_very_long_very_long_very_long_very_long_ obj -1
RHS
    RHS all 7.5
BOUNDS
 UP BND a_rather_long_name_of_a_family(0) 1
 UP BND a_rather_long_name_of_a_family(1) 1
 UP BND a_rather_long_name_of_a_family(2) 1
 UP BND a_rather_long_name_of_a_family(3) 1
 UP BND a_rather_long_name_of_a_family(4) 1
 UP BND a_rather_long_name_of_a_family(5) 1
 UP BND a_rather_long_name_of_a_family(6) 1
 UP BND a_rather_long_name_of_a_family(7) 1
 UP BND a_rather_long_name_of_a_family(8) 1
 UP BND a_rather_long_name_of_a_family(9) 1
 UP BND a_rather_long_name_of_a_family(10) 1
 UP BND a_rather_long_name_of_a_family(11) 1
 UP BND a_rather_long_name_of_a_family(12) 1
 UP BND a_rather_long_name_of_a_family(13) 1
 UP BND a_rather_long_name_of_a_family(14) 1
 UP BND a_rather_long_name_of_a_family(15) 1
 UP BND a_rather_long_name_of_a_family(16) 1
 UP BND a_rather_long_name_of_a_family(17) 1
 UP BND a_rather_long_name_of_a_family(18) 1
 UP BND a_rather_long_name_of_a_family(19) 1
 UP BND a_rather_long_name_of_a_family(20) 1
 UP BND a_rather_long_name_of_a_family(21) 1
 UP BND a_rather_long_name_of_a_family(22) 1
 UP BND a_rather_long_name_of_a_family(23) 1
 UP BND a_rather_long_name_of_a_family(24) 1
 UP BND a_rather_long_name_of_a_family(25) 1
 UP BND a_rather_long_name_of_a_family(26) 1
 UP BND a_rather_long_name_of_a_family(27) 1
 UP BND a_rather_long_name_of_a_family(28) 1
 UP BND a_rather_long_name_of_a_family(29) 1
 UP BND a_rather_long_name_of_a_family(30) 1
 UP BND a_rather_long_name_of_a_family(31) 1
 UP BND a_rather_long_name_of_a_family(32) 1
 UP BND a_rather_long_name_of_a_family(33) 1
 UP BND a_rather_long_name_of_a_family(34) 1
 UP BND a_rather_long_name_of_a_family(35) 1
 UP BND a_rather_long_name_of_a_family(36) 1
 UP BND a_rather_long_name_of_a_family(37) 1
 UP BND a_rather_long_name_of_a_family(38) 1
 UP BND a_rather_long_name_of_a_family(39) 1
 UP BND very_long_very_long_very_long_very_long_very_long_very_long_very_long_very_long_very_long_ 1
ENDATA
