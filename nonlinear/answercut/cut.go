package answercut

import (
	"math"

	"github.com/gobilevel/bilevel/backends/highs"
)

// master is the relaxation with the cuts made so far: the columns of the model, then one binary column for each pair of a row and a threshold.
type master struct {
	p      *problem
	a      *highs.Arrays
	binary map[threshold]literal
	cuts   int
}

// threshold is the condition a'x >= beta on the leader's part of a row.
type threshold struct {
	follower, row int
	step          float64 // beta times the grid: a whole number
}

// literal is a number that is 0 or 1: constant + coef times a column.
type literal struct {
	col            int
	constant, coef float64
}

func newMaster(p *problem) *master {
	a := *p.base
	a.ColLower, a.ColUpper = append([]float64(nil), p.lower...), append([]float64(nil), p.upper...)
	a.Cost, a.Integer = append([]float64(nil), a.Cost...), append([]bool(nil), a.Integer...)
	if a.Integer == nil {
		a.Integer = make([]bool, len(a.Cost))
	}
	a.RowLower, a.RowUpper = append([]float64(nil), a.RowLower...), append([]float64(nil), a.RowUpper...)
	if len(a.Start) == 0 {
		a.Start = []int32{0}
	}
	a.Start, a.Index, a.Value = append([]int32(nil), a.Start...), append([]int32(nil), a.Index...), append([]float64(nil), a.Value...)
	return &master{p: p, a: &a, binary: map[threshold]literal{}}
}

// row adds lo <= sum of terms <= hi.
func (s *master) row(terms []term, lo, hi float64) {
	for _, t := range terms {
		s.a.Index, s.a.Value = append(s.a.Index, int32(t.col)), append(s.a.Value, t.coef)
	}
	s.a.Start = append(s.a.Start, int32(len(s.a.Index)))
	s.a.RowLower, s.a.RowUpper = append(s.a.RowLower, lo), append(s.a.RowUpper, hi)
}

// cut adds the cut of an answer z of follower k, one value a variable of the model and the decision that it answers among them:
//
//	f'y <= f'z + slack + sum of M_r w_r.
func (s *master) cut(k int, z []float64, slack float64) {
	f := s.p.followers[k]
	value := 0.0
	var terms []term
	for _, j := range f.vars {
		if f.cost[j] != 0 {
			terms = append(terms, term{j, f.cost[j]})
			value += f.cost[j] * z[j]
		}
	}
	right := value + slack
	weight := map[int]float64{} // by column
	var order []int
	for i := range f.rows {
		r := &f.rows[i]
		if len(r.x) == 0 {
			continue
		}
		step, room := r.firstViolated(z)
		if step > math.Round(r.grid*r.top) {
			continue // no decision violates it
		}
		loss, ok := f.givesUp(s.p, r, z, room)
		if !ok {
			loss = math.Max(0, f.most-value)
		}
		if step <= math.Round(r.grid*r.least) { // every decision does
			right += loss
			continue
		}
		w := s.literal(threshold{k, i, step}, r)
		right += loss * w.constant
		if _, seen := weight[w.col]; !seen {
			order = append(order, w.col)
		}
		weight[w.col] += loss * w.coef
	}
	for _, col := range order {
		if weight[col] != 0 {
			terms = append(terms, term{col, -weight[col]})
		}
	}
	s.row(terms, math.Inf(-1), right)
	s.cuts++
}

// firstViolated returns the first point of the grid of a'x, times the grid, at which z violates the row, and the room d - b'z that z leaves.
//
// What rounding does to the room in double precision counts as nothing, so that 0.1 + 0.2 fits into 0.3, but no more than that: where z violates the row by
// less than the tolerance of HiGHS and the first point were taken to be the next one, the cut would bind a decision that does not admit z. The decision that
// z answers, and those with less of a'x, admit z: that is what HiGHS says.
func (r *halfRow) firstViolated(z []float64) (step, room float64) {
	room = r.d
	size := math.Abs(r.d) + math.Max(math.Abs(r.least), math.Abs(r.top))
	for _, t := range r.y {
		room -= t.coef * z[t.col]
		size += math.Abs(t.coef * z[t.col])
	}
	noise := 4e-16 * float64(2+len(r.x)+len(r.y)) * size
	if r.grid*noise > 0.01 {
		noise = -noise // which point it is cannot be told: the earlier one makes the weaker cut
	}
	here := 0.0
	for _, t := range r.x {
		here += t.coef * z[t.col]
	}
	return math.Max(math.Floor(r.grid*(room+noise)), math.Round(r.grid*here)) + 1, room
}

// givesUp returns what it costs the follower at most to satisfy row r again after a decision that violates it at z, by one variable that goes to its
// bound and that no other row minds; false where no variable is enough.
func (f *follower) givesUp(p *problem, r *halfRow, z []float64, room float64) (float64, bool) {
	least, found := 0.0, false
	for _, t := range r.y {
		to, side := p.lower[t.col], 0
		if t.coef < 0 {
			to, side = p.upper[t.col], 1
		}
		if !f.harmless[t.col][side] || math.IsInf(to, 0) || r.top > room+t.coef*(z[t.col]-to)+1e-12*math.Abs(r.top) {
			continue
		}
		if loss := math.Max(0, f.cost[t.col]*(to-z[t.col])); !found || loss < least {
			least, found = loss, true
		}
	}
	return least, found
}

// literal is 1 only if a'x >= beta, and may be 1 wherever that holds: a binary linking variable itself, or a new column w with
//
//	a'x - (beta - least) w >= least,
//
// times the grid, so that all of its numbers are whole.
func (s *master) literal(t threshold, r *halfRow) literal {
	if w, ok := s.binary[t]; ok {
		return w
	}
	var w literal
	if len(r.x) == 1 && s.p.lower[r.x[0].col] == 0 && s.p.upper[r.x[0].col] == 1 {
		w = literal{r.x[0].col, 0, 1}
		if r.x[0].coef < 0 {
			w = literal{r.x[0].col, 1, -1}
		}
	} else {
		w = literal{len(s.a.Cost), 0, 1}
		s.a.Cost, s.a.Integer = append(s.a.Cost, 0), append(s.a.Integer, true)
		s.a.ColLower, s.a.ColUpper = append(s.a.ColLower, 0), append(s.a.ColUpper, 1)
		least := math.Round(r.grid * r.least)
		var terms []term
		for _, x := range r.x {
			terms = append(terms, term{x.col, math.Round(r.grid * x.coef)})
		}
		s.row(append(terms, term{w.col, least - t.step}), least, math.Inf(1))
	}
	s.binary[t] = w
	return w
}
