* Model plant no. 1
* variable C0000001 is make["car",1]
* variable C0000002 is make["van",1]
* variable _e9 is e9
* variable _free is free
* variable _inflow is inflow
* constraint _st is st
NAME          plant_no._1
OBJSENSE
    MAX
ROWS
 N  obj
 G  capacity
 L  vans
 E  balance
 L  _st
 L  empty
 N  watch
COLUMNS
    C0000001  obj       30
    C0000001  capacity  1
    C0000001  watch     1
    C0000002  obj       45
    C0000002  capacity  1
    C0000002  vans      1
    M1        'MARKER'                 'INTORG'
    lots      obj       -5
    lots      vans      -1
    lots      _st       1
    M2        'MARKER'                 'INTEND'
    shift     balance   1
    _e9       balance   1
    M3        'MARKER'                 'INTORG'
    _free     _st       1
    M4        'MARKER'                 'INTEND'
    _inflow   obj       4
    x         balance   -1
    idle      obj       0
RHS
    RHS       obj       -12
    RHS       capacity  -4
    RHS       balance   0.1
    RHS       _st       2.5
    RHS       empty     1
RANGES
    RNG       capacity  12
BOUNDS
 LO BND       lots      2
 UP BND       lots      9
 FR BND       shift
 LO BND       _e9       -3
 UP BND       _e9       -1
 BV BND       _free
 MI BND       _inflow
 UP BND       _inflow   1
 FX BND       x         3
 LO BND       idle      0.25
 UP BND       idle      1000000000
ENDATA
