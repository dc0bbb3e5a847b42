package expr

import "math"

// Eval returns the value of n at x, where x[i] is the value of variable i; a
// variable beyond the end of x is NaN. It walks the nodes below n once. For many
// evaluations of the same nodes, compile a [Tape].
func (d *DAG) Eval(n Node, x []float64) float64 {
	s := acquire(d)
	defer s.release()
	v := s.floats(d)
	for _, m := range s.walk(d, n) {
		v[m] = d.evalNode(m, v, x)
	}
	return v[n]
}

// evalNode returns the value of n given those of its arguments in v.
func (d *DAG) evalNode(n Node, v, x []float64) float64 {
	r := &d.nodes[n]
	args := d.Args(n)
	switch r.op {
	case OpConst:
		return r.val
	case OpVar:
		if int(r.arg) < len(x) {
			return x[r.arg]
		}
		return math.NaN()
	case OpSum:
		y := r.val
		for k, c := range d.Coefs(n) {
			y += c * v[args[k]]
		}
		return y
	case OpMul, OpMin, OpMax:
		y := v[args[0]]
		for _, a := range args[1:] {
			y = binary(r.op, y, v[a])
		}
		return y
	case OpIf:
		if v[args[0]] != 0 {
			return v[args[1]]
		}
		return v[args[2]]
	}
	if len(args) == 1 {
		return unary(r.op, v[args[0]])
	}
	return binary(r.op, v[args[0]], v[args[1]])
}
