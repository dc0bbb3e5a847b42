Model status
Time limit reached

# Primal solution values
Feasible
Objective 15.9999984379136
# Columns 50
s0 0
t0 4
