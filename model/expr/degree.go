package expr

import "math"

// maxDegree stands for every degree that is larger.
const maxDegree = math.MaxInt32

// Degree returns the degree of n as a polynomial in the variables for which own is
// true, whose coefficients may contain the others in any way; -1 if n is not such a
// polynomial. A nil own is true for all. It reads the structure: terms that cancel
// still count.
func (d *DAG) Degree(n Node, own func(v int) bool) int {
	s := acquire(d)
	defer s.release()
	order := s.walk(d, n)
	pos := s.positions(d, order)
	degrees := make([]int, len(order))
	at := func(a Node) int { return degrees[pos[a]] }
	for k, m := range order {
		degrees[k] = d.degreeNode(m, at, own)
	}
	return at(n)
}

func (d *DAG) degreeNode(n Node, deg func(Node) int, own func(v int) bool) int {
	args := d.Args(n)
	highest, sum, polynomial := 0, 0, true
	for _, a := range args {
		highest = max(highest, deg(a))
		sum = min(sum+deg(a), maxDegree)
		polynomial = polynomial && deg(a) >= 0
	}
	switch d.Op(n) {
	case OpConst:
		return 0
	case OpVar:
		if own == nil || own(d.VarIndex(n)) {
			return 1
		}
		return 0
	}
	if !polynomial {
		return -1
	}
	if highest == 0 {
		return 0
	}
	switch d.Op(n) {
	case OpSum:
		return highest
	case OpMul:
		return sum
	case OpDiv:
		if deg(args[1]) == 0 {
			return deg(args[0])
		}
	case OpPow:
		if k, ok := d.IsConst(args[1]); ok && k >= 0 && k == math.Trunc(k) {
			return int(min(k*float64(deg(args[0])), maxDegree))
		}
	case OpIf:
		if deg(args[0]) == 0 { // one polynomial or the other, whatever the own variables are
			return highest
		}
	}
	return -1
}
