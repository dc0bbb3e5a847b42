package reformtest

import (
	"fmt"
	"math"
)

// CheckPoint measures a point of an instance with the arithmetic of this package: bounds, rows, integers, and, for every follower, the
// gap between its objective and its best answer. It returns nil where all are within tol, relative to the size of the numbers.
func (in *Instance) CheckPoint(z []float64, tol float64) error {
	for j, v := range in.Vars {
		big := math.Max(1, math.Abs(z[j]))
		if z[j] < float64(v.Lo)-tol*big || z[j] > float64(v.Hi)+tol*big {
			return fmt.Errorf("x%d = %v is outside [%v, %v]", j, z[j], v.Lo, v.Hi)
		}
		if v.Integer && math.Abs(z[j]-math.Round(z[j])) > tol {
			return fmt.Errorf("x%d = %v is not an integer", j, z[j])
		}
	}
	for r, row := range in.Rows {
		s, big := 0.0, 1.0
		for j, a := range row.A {
			s += a * z[j]
			big = math.Max(big, math.Abs(a*z[j]))
		}
		if s < float64(row.Lo)-tol*big || s > float64(row.Hi)+tol*big {
			return fmt.Errorf("r%d has the value %v outside [%v, %v]", r, s, row.Lo, row.Hi)
		}
	}
	for p := 1; p < len(in.Players); p++ {
		answer, best := in.BestAnswer(p, z, 0)
		if answer != Optimal { // at a rounded point the follower's problem may have become infeasible
			answer, best = in.BestAnswer(p, z, tol)
		}
		if answer != Optimal {
			return fmt.Errorf("the problem of follower %d is %v", p, answer)
		}
		o := &in.Players[p]
		if f := o.sign() * in.value(p, z); !o.None && f-best > 10*tol*math.Max(1, math.Abs(best)) {
			return fmt.Errorf("follower %d has %v, its best answer gives %v", p, o.sign()*f, o.sign()*best)
		}
	}
	return nil
}

// rounding is by how much, relative to its terms, a row that gives way to a point gives way further, so that the sum of its terms in another order holds too.
const rounding = 1e-14

// BestAnswer solves the problem of follower p with all other variables as in z, and returns its minimised optimal value. A row or bound of the follower that z
// violates by at most tol, relative to its terms, gives way as far as z asks for and no farther, and all others stand as they are: where a row gives way
// that holds at z, the follower gains by it and seems to have had a better answer. A row in whose terms the follower decides nothing leaves it no choice: it
// holds to tol, or there is no answer.
func (in *Instance) BestAnswer(p int, z []float64, tol float64) (Answer, float64) {
	o := &in.Players[p]
	lp := &LP{C: make([]float64, len(in.Vars)), Lo: make([]float64, len(in.Vars)), Hi: make([]float64, len(in.Vars))}
	decides := make([]bool, len(in.Vars))
	for j, v := range in.Vars {
		lp.Lo[j], lp.Hi[j] = z[j], z[j]
		if v.Owner == p {
			lp.Lo[j], lp.Hi[j] = giveWay(float64(v.Lo), float64(v.Hi), z[j], tol*math.Max(1, math.Abs(z[j])), 0)
			decides[j] = lp.Lo[j] < lp.Hi[j]
			if j < len(o.C) && !o.None {
				lp.C[j] = o.sign() * o.C[j]
			}
		}
	}
	for _, r := range in.Rows {
		if r.Owner != p {
			continue
		}
		sum, big, free := 0.0, 1.0, false
		for j, a := range r.A {
			v := z[j]
			if in.Vars[j].Owner == p && !decides[j] {
				v = lp.Lo[j]
			}
			sum += a * v
			big = math.Max(big, math.Abs(a*v))
			free = free || a != 0 && decides[j]
		}
		lo, hi := giveWay(float64(r.Lo), float64(r.Hi), sum, tol*big, rounding*big)
		if free {
			lp.A, lp.RowLo, lp.RowHi = append(lp.A, r.A), append(lp.RowLo, lo), append(lp.RowHi, hi)
			continue
		}
		if far := math.Max(tol, epsilon) * big; sum < lo-far || sum > hi+far {
			return Infeasible, 0
		}
	}
	var quad []Term
	offset := 0.0
	for _, q := range o.Quad {
		c := o.sign() * q.Coef
		switch i, j := in.Vars[q.I].Owner == p, in.Vars[q.J].Owner == p; {
		case i && j:
			quad = append(quad, Term{q.I, q.J, c})
		case i:
			lp.C[q.I] += c * z[q.J]
		case j:
			lp.C[q.J] += c * z[q.I]
		default:
			offset += c * z[q.I] * z[q.J]
		}
	}
	for j, c := range o.C { // of a follower's objective, terms that it does not decide
		if in.Vars[j].Owner != p {
			offset += o.sign() * c * z[j]
		}
	}
	a, v, _ := solveQuadratic(lp, quad)
	return a, v + offset
}

// giveWay moves the side of [lo, hi] on which v lies outside by at most tol to v, and more beyond it.
func giveWay(lo, hi, v, tol, more float64) (float64, float64) {
	switch {
	case tol == 0:
	case v < lo && v >= lo-tol:
		lo = v - more
	case v > hi && v <= hi+tol:
		hi = v + more
	}
	return lo, hi
}
