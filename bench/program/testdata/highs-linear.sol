Model status
Optimal

# Primal solution values
Feasible
Objective 7
# Columns 2
x 0
y 3.5
# Rows 1
c 3.5

# Dual solution values
Feasible
# Columns 2
x -1
y 0
# Rows 1
c 2

# Basis
HiGHS v1
Valid
# Columns 2
0 1 
# Rows 1
2 
