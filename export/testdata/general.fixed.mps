* Model general
* brackets of names are written as parentheses, and quotes are left out
NAME          _general
ROWS
 N  obj
 L  ball
 G  on
 G  off
COLUMNS
    x(0)      on        1
    x(0)      off       1
    x(1)      on        1
    x(1)      off       -1
    x(2)      obj       -3
    x(2)      ball      1
    x(2)      on        1
    M1        'MARKER'                 'INTORG'
    z         obj       0
    M2        'MARKER'                 'INTEND'
RHS
    RHS       obj       1.5
    RHS       ball      50
    RHS       on        2
    RHS       off       -1
RANGES
    RNG       off       2
BOUNDS
 UP BND       x(0)      10
 UP BND       x(1)      10
 UP BND       x(2)      10
 BV BND       z
QUADOBJ
    x(0)      x(0)      2
    x(0)      x(1)      1
    x(1)      x(1)      4
QCMATRIX ball
    x(0)      x(0)      1
    x(0)      x(2)      0.5
    x(2)      x(0)      0.5
SOS
 S1 one(1)
    x(0)                1
    x(1)                2
    x(2)                4
INDICATORS
 IF on        z         1
 IF off       z         0
ENDATA
