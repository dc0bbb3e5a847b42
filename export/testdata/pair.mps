* Model duopoly
* the objective is the negative of what is maximised
* constraints without bounds are left out
* brackets of names are written as parentheses, and quotes are left out
* constraint _free is free
NAME duopoly FREE
ROWS
 N obj
 L budget
 G share
 L market
 E staff
COLUMNS
    capacity obj -3 budget 2
    capacity market 1
    M1 'MARKER' 'INTORG'
    open(1) obj 2 budget 5
    open(1) staff -1
    M2 'MARKER' 'INTEND'
    sell(north) obj 1 share 1
    sell(north) market 1 staff 0.25
    sell(south) share -1 market 1
    sell(south) staff 0.25
    M3 'MARKER' 'INTORG'
    shops staff -1
    M4 'MARKER' 'INTEND'
RHS
    RHS obj 1
    RHS budget 18
    RHS share -3
    RHS market 14
    RHS staff -0.5
RANGES
    RNG share 7
BOUNDS
 UP BND capacity 10
 BV BND open(1)
 UP BND sell(north) 8
 UP BND sell(south) 8
 LO BND shops 1
 UP BND shops 4
ENDATA
