Model status
Optimal

# Primal solution values
Feasible
Objective 276
# Columns 9
make(car,1) 6
make(van,1) 2
lots 2
_inflow 1
idle 0.25
shift 4.1
_e9 -1
x 3
_free 0
# Rows 6
capacity~lo 8
capacity~hi 8
vans 0
balance 0.1
_st 2
empty 0

# Dual solution values
None

# Basis
HiGHS v1
None
