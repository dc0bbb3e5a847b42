Stopped on time - objective value 10.20992232
      2 a(2)                 5.3360087                       0
     14 a(14)                3.2839158                       0
     27 a(27)                1.5899978                       0
