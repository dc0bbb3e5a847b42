# A film is spanned over a frame and sucked down upon a flat plate, which it is to press with a given force. How large a
# frame, and how strong a suction, cost least? README.md has the mathematics.

param elements integer >= 2, := 16;      # from the middle to the frame
param dimension in {1, 2}, := 1;         # 1: two rails, 2: a ring
param depth > 0, := 0.18;                # of the plate under the frame
param force > 0, := 0.7;                 # on the plate, half of it or its part per radian
param film > 0, := 1;                    # price of the film
param suction > 0, := 1;                 # price of the pressure

set NODES := 0..elements - 1;            # without the node at the frame
# Node i stands for what is within half an element of it; size and rim are for a frame of size 1.
param rim{i in -1..elements - 1} := if i < 0 then 0 else ((i + 0.5)/elements)^(dimension - 1);
param size{i in NODES} :=
  (((i + 0.5)/elements)^dimension - (max(i - 0.5, 0)/elements)^dimension)/dimension;

var frame >= 0.1, <= 10, := 2;           # from the middle to the frame
var pressure >= 0.1, <= 10, := 2;
var gap{NODES} >= 0;                     # between film and plate
var reaction{NODES} >= 0;                # of the plate, for a unit of area

minimize cost: film*frame^dimension + suction*pressure;

# The film has tension 1: what bends it is the pressure, less the reaction of the plate.
subject to balance{i in NODES}:
  elements*(rim[i]*((if i < elements - 1 then gap[i+1] else depth) - gap[i]) - rim[i-1]*(if i > 0 then gap[i] - gap[i-1] else 0))
    = frame^2*size[i]*(pressure - reaction[i]);

# The plate reacts only where it is touched.
subject to contact{i in NODES}: 0 <= gap[i] complements reaction[i] >= 0;

subject to press: frame^dimension*sum{i in NODES} size[i]*reaction[i] >= force;
