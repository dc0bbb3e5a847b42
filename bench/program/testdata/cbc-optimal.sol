Optimal - objective value -39755.84669111
      0 x(0)                    -1000               7.4730631
**    5 y(1)               -1e-07                       0
