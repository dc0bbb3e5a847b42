package verify

import (
	"context"
	"math"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
)

// intervalVars is the largest number of variables for which intervals are tried.
const intervalVars = 12

// intervalSearch proves that no feasible answer of a task costs less than a target, by branch and bound with intervals. The target follows
// the best answer known. Besides the cost it bounds Lagrangians L = cost - lambda'(constraints - sides) at fixed multipliers, which are at
// most the cost of a feasible answer and, unlike the cost, need not fall across the constraints that hold the best answer. A box X is dropped when
//
//   - its constraints, cost <= target and L <= target leave nothing of it (see contractor);
//   - L(c) + Σ_j ∇L(X)_j (X_j - c_j) >= target for its middle c, or L over the box with each variable in which L is monotone
//     at its better end is;
//   - L is convex on it, by Gershgorin's circles of the Hessian over X, and its tangent at the point nearest to the best answer is >= target.
//
// Derivatives are used on boxes on which every operation has a value and no kink.
// All of it rounds outward, so that what is proven holds for the real functions.
//
// Sources: Hansen and Walster, Global optimization using interval analysis (2004); Neumaier, Complete search in continuous global
// optimization, Acta Numerica 13 (2004).
type intervalSearch struct {
	t      *task
	con    *contractor
	forms  []form
	at     []expr.Interval // values of a form at a point
	target float64
	limit  float64 // the target with what its node may be off
	best   []float64
	cost   float64
	boxes  int
}

type intervalResult uint8

const (
	unresolved intervalResult = iota
	proven                    // no feasible answer costs less than the target
	improved                  // a feasible answer costs clearly less than the best known
)

// form is a function that is at most the cost wherever the constraints hold, with its derivatives: the Lagrangian at a part of the multipliers.
type form struct {
	tape   *expr.Tape // the function, its gradient, and the lower triangle of its Hessian where second is true
	ws     *expr.Workspace
	over   []expr.Interval // values over the box at hand
	second bool
	guards []guard
}

// formParts are the parts of the multipliers. With all of them the function is level at the best answer, and bounds the boxes around it; with
// fewer it rises along the constraints that hold it, and bounds boxes farther away.
var formParts = [...]float64{1, 0, 0.5}

// newIntervalSearch prepares a search with the multipliers given. y is the best answer known and cost its cost, nil and +Inf without.
func newIntervalSearch(t *task, y []float64, cost float64, lambda []float64, slack float64) *intervalSearch {
	d := t.p.DAG()
	s := &intervalSearch{t: t, best: y, cost: cost, target: cost - slack}
	f, off := squaredNode(t.p, t.cost)
	s.limit = s.target + off
	roots, sides := []expr.Node{f}, []expr.Interval{{Lo: math.Inf(-1), Hi: s.limit}}
	coefs, terms, constant, sum := []float64{1}, []expr.Node{f}, 0.0, 0.0
	for r := range t.lo {
		g, o := squaredNode(t.p, t.p.RowFunction(r))
		roots, sides = append(roots, g), append(sides, expr.Interval{Lo: t.lo[r] - o, Hi: t.hi[r] + o})
		if r >= len(lambda) || lambda[r] == 0 || math.IsInf(t.side(r, lambda[r]), 0) {
			continue
		}
		l := lambda[r]
		coefs, terms = append(coefs, -l), append(terms, g)
		constant += l * t.side(r, l)
		sum += math.Abs(l * t.side(r, l))
		off += math.Abs(l) * o
	}
	off += 4 * epsilon * float64(len(terms)) * sum // the constant is a rounded sum
	parts := formParts[:]
	if len(terms) == 1 {
		parts = parts[:1]
	}
	var nodes []expr.Node
	for _, part := range parts {
		scaled := append([]float64(nil), coefs...)
		for k := 1; k < len(scaled); k++ {
			scaled[k] *= part // by a power of two, which does not round
		}
		nodes = append(nodes, d.Linear(part*constant-off, scaled, terms))
		if part > 0 && len(terms) > 1 {
			roots, sides = append(roots, nodes[len(nodes)-1]), append(sides, sides[0])
		}
	}
	roots, sides = combinations(t, roots, sides)
	s.con = newContractor(d, roots, sides)
	vars := make([]int, len(t.vlo))
	for j := range vars {
		vars[j] = j
	}
	for k, node := range nodes {
		all := append([]expr.Node{node}, d.Gradient(node, vars)...)
		if k == 0 {
			for i := range vars {
				all = append(all, d.Gradient(all[1+i], vars[:i+1])...)
			}
		}
		s.forms = append(s.forms, form{tape: d.Compile(all), over: make([]expr.Interval, len(all)), second: k == 0, guards: s.con.guards(terms[:1+(len(terms)-1)*int(math.Ceil(parts[k]))])})
	}
	for k := range s.forms {
		s.forms[k].ws = s.forms[k].tape.NewWorkspace()
	}
	s.at = make([]expr.Interval, len(s.forms[0].over))
	return s
}

// run searches the bounds of the task within the number of boxes given.
func (s *intervalSearch) run(ctx context.Context, budget int) intervalResult {
	start := make([]expr.Interval, len(s.t.vlo))
	for j := range start {
		start[j] = expr.Interval{Lo: s.t.vlo[j], Hi: s.t.vhi[j]}
	}
	stack := [][]expr.Interval{start}
	for len(stack) > 0 {
		if s.boxes >= budget || s.boxes%64 == 63 && ctx.Err() != nil {
			return unresolved
		}
		s.boxes++
		box := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if !s.con.narrow(box) || !s.roundIn(box) || s.excluded(box) {
			continue
		}
		if s.look(box) {
			return improved
		}
		j := s.widest(box)
		if j < 0 {
			return unresolved // a box of one point that nothing decides
		}
		low, high := s.halves(box, j)
		stack = append(stack, low, high)
	}
	return proven
}

// roundIn brings the ends of integer variables to integers; it reports whether anything is left.
func (s *intervalSearch) roundIn(box []expr.Interval) bool {
	if !s.t.integers {
		return true
	}
	for j := range box {
		if s.t.p.VarKind(j) != model.Continuous {
			box[j].Lo, box[j].Hi = math.Ceil(box[j].Lo), math.Floor(box[j].Hi)
			if box[j].IsEmpty() {
				return false
			}
		}
	}
	return true
}

// look tries the middle of a box as an answer.
func (s *intervalSearch) look(box []expr.Interval) bool {
	c := make([]float64, len(box))
	for j, b := range box {
		c[j] = middle(b)
		if s.t.integers && s.t.p.VarKind(j) != model.Continuous {
			c[j] = math.Round(c[j])
		}
	}
	v := s.t.costAt(c)
	if !(v < s.target) || !s.t.holdsExactly(c) {
		return false
	}
	s.best, s.cost = c, v
	return true
}

// middle is a finite point inside of an interval.
func middle(b expr.Interval) float64 {
	switch l, h := math.IsInf(b.Lo, -1), math.IsInf(b.Hi, 1); {
	case l && h:
		return 0
	case l:
		return math.Min(-1, b.Hi-1-9*math.Abs(b.Hi))
	case h:
		return math.Max(1, b.Lo+1+9*math.Abs(b.Lo))
	}
	return b.Lo/2 + b.Hi/2
}

// widest is the variable to split: the one over which the derivative of the first form is least certain, which is what its mean value form
// loses, or else the longest; -1 where no side can be split.
func (s *intervalSearch) widest(box []expr.Interval) int {
	best, score := -1, 0.0
	for j, b := range box {
		m := middle(b)
		if !(b.Lo < m && m < b.Hi) {
			continue
		}
		v := b.Width()
		if g := s.forms[0].over[1+j]; !g.IsEmpty() && !math.IsInf(g.Lo, 0) && !math.IsInf(g.Hi, 0) && !math.IsInf(v, 0) {
			v *= g.Width() + 1e-3
		}
		if v > score {
			best, score = j, v
		}
	}
	return best
}

func (s *intervalSearch) halves(box []expr.Interval, j int) (low, high []expr.Interval) {
	m := middle(box[j])
	low, high = append([]expr.Interval(nil), box...), append([]expr.Interval(nil), box...)
	low[j].Hi, high[j].Lo = m, m
	if s.t.integers && s.t.p.VarKind(j) != model.Continuous {
		low[j].Hi, high[j].Lo = math.Floor(m), math.Floor(m)+1
	}
	return low, high
}
