Stopped on time (no integer solution - continuous used) - objective value 0.00000000
      0 x0                     0                       1
      1 x1                     1                       0
      2 x2                     1                       0
