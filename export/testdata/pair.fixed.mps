* Model duopoly
* the objective is the negative of what is maximised
* constraints without bounds are left out
* brackets of names are written as parentheses, and quotes are left out
* variable C0000003 is sell["north"]
* variable C0000004 is sell["south"]
* constraint _free is free
NAME          duopoly
ROWS
 N  obj
 L  budget
 G  share
 L  market
 E  staff
COLUMNS
    capacity  obj       -3
    capacity  budget    2
    capacity  market    1
    M1        'MARKER'                 'INTORG'
    open(1)   obj       2
    open(1)   budget    5
    open(1)   staff     -1
    M2        'MARKER'                 'INTEND'
    C0000003  obj       1
    C0000003  share     1
    C0000003  market    1
    C0000003  staff     0.25
    C0000004  share     -1
    C0000004  market    1
    C0000004  staff     0.25
    M3        'MARKER'                 'INTORG'
    shops     staff     -1
    M4        'MARKER'                 'INTEND'
RHS
    RHS       obj       1
    RHS       budget    18
    RHS       share     -3
    RHS       market    14
    RHS       staff     -0.5
RANGES
    RNG       share     7
BOUNDS
 UP BND       capacity  10
 BV BND       open(1)
 UP BND       C0000003  8
 UP BND       C0000004  8
 LO BND       shops     1
 UP BND       shops     4
ENDATA
