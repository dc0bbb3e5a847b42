Integer infeasible - objective value 1.50000000
      0 x                    1.5                       0
      1 y                      0                       1
