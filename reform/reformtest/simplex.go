package reformtest

import "math"

// LP is  min c z  s.t.  rowLo <= A z <= rowHi,  lo <= z <= hi,  dense.
type LP struct {
	C            []float64
	A            [][]float64
	RowLo, RowHi []float64
	Lo, Hi       []float64
}

// Answer is the status of a problem.
type Answer uint8

// The answers.
const (
	Infeasible Answer = iota
	Optimal
	Unbounded
)

func (a Answer) String() string { return [...]string{"infeasible", "optimal", "unbounded"}[a] }

// epsilon separates zero from the numbers that small integer data lead to.
const epsilon = 1e-9

// standard is a problem in the form  min c p + offset,  A p = b,  p >= 0,  with z = shift + Σ sign p.
type standard struct {
	a      [][]float64
	b, c   []float64
	offset float64
	plus   []int // by variable z: its column, -1 where it is fixed
	minus  []int // and the column that is subtracted, -1 where there is none
	sign   []float64
	shift  []float64
	slacks int // columns from here on are slacks
}

// standardise writes the problem with equations and non-negative columns.
func (p *LP) standardise() (*standard, bool) {
	n := len(p.C)
	s := &standard{plus: make([]int, n), minus: make([]int, n), sign: make([]float64, n), shift: make([]float64, n)}
	cols := 0
	type upper struct {
		col int
		v   float64
	}
	var uppers []upper
	for j := 0; j < n; j++ {
		s.plus[j], s.minus[j], s.sign[j] = -1, -1, 1
		lo, hi := p.Lo[j], p.Hi[j]
		if lo > hi {
			return nil, false
		}
		if lo == hi {
			s.shift[j] = lo
			continue
		}
		s.plus[j] = cols
		cols++
		switch {
		case !math.IsInf(lo, -1):
			s.shift[j] = lo
			if !math.IsInf(hi, 1) {
				uppers = append(uppers, upper{s.plus[j], hi - lo})
			}
		case !math.IsInf(hi, 1):
			s.shift[j], s.sign[j] = hi, -1
		default:
			s.minus[j] = cols
			cols++
		}
	}
	s.slacks = cols
	type line struct {
		a     []float64
		b     float64
		slack float64 // coefficient of a slack, 0 none
	}
	var lines []line
	for i, row := range p.A {
		a, shift := make([]float64, cols), 0.0
		for j, v := range row {
			if v == 0 {
				continue
			}
			shift += v * s.shift[j]
			if s.plus[j] >= 0 {
				a[s.plus[j]] += v * s.sign[j]
			}
			if s.minus[j] >= 0 {
				a[s.minus[j]] -= v
			}
		}
		lo, hi := p.RowLo[i]-shift, p.RowHi[i]-shift
		switch {
		case lo > hi:
			return nil, false
		case lo == hi:
			lines = append(lines, line{a, lo, 0})
			continue
		}
		if !math.IsInf(hi, 1) {
			lines = append(lines, line{a, hi, 1})
		}
		if !math.IsInf(lo, -1) {
			lines = append(lines, line{a, lo, -1})
		}
	}
	for _, u := range uppers {
		a := make([]float64, cols)
		a[u.col] = 1
		lines = append(lines, line{a, u.v, 1})
	}
	total := cols
	for _, l := range lines {
		if l.slack != 0 {
			total++
		}
	}
	next := cols
	for _, l := range lines {
		a := make([]float64, total)
		copy(a, l.a)
		if l.slack != 0 {
			a[next] = l.slack
			next++
		}
		s.a, s.b = append(s.a, a), append(s.b, l.b)
	}
	s.c = make([]float64, total)
	for j, c := range p.C {
		s.offset += c * s.shift[j]
		if s.plus[j] >= 0 {
			s.c[s.plus[j]] += c * s.sign[j]
		}
		if s.minus[j] >= 0 {
			s.c[s.minus[j]] -= c
		}
	}
	return s, true
}

// original maps a point of the standard form back.
func (s *standard) original(p []float64) []float64 {
	z := append([]float64(nil), s.shift...)
	for j := range z {
		if s.plus[j] >= 0 {
			z[j] += s.sign[j] * p[s.plus[j]]
		}
		if s.minus[j] >= 0 {
			z[j] -= p[s.minus[j]]
		}
	}
	return z
}

// Solve is the two-phase simplex method on a dense tableau with Bland's rule, which does not cycle.
func (p *LP) Solve() (Answer, float64, []float64) {
	s, ok := p.standardise()
	if !ok {
		return Infeasible, 0, nil
	}
	m, n := len(s.a), len(s.c)
	t := &tableau{rows: make([][]float64, m), basis: make([]int, m), cost: make([]float64, n+1), n: n}
	for i := range t.rows {
		row := make([]float64, n+1)
		f := 1.0
		if s.b[i] < 0 {
			f = -1
		}
		for j, v := range s.a[i] {
			row[j] = f * v
		}
		row[n] = f * s.b[i]
		t.rows[i], t.basis[i] = row, n+i
		for j := range row {
			t.cost[j] -= row[j]
		}
	}
	t.iterate()
	if -t.cost[n] > 1e-7 {
		return Infeasible, 0, nil
	}
	t.dropArtificial()
	for j := range t.cost {
		t.cost[j] = 0
	}
	copy(t.cost, s.c)
	last := len(t.cost) - 1
	for i, b := range t.basis {
		if b < n && s.c[b] != 0 {
			for j := range t.cost {
				t.cost[j] -= s.c[b] * t.rows[i][j]
			}
		}
	}
	if !t.iterate() {
		return Unbounded, 0, nil
	}
	x := make([]float64, n)
	for i, b := range t.basis {
		if b < n {
			x[b] = t.rows[i][last]
		}
	}
	z := s.original(x)
	v := 0.0
	for j, c := range p.C {
		v += c * z[j]
	}
	return Optimal, v, z
}

// tableau holds B⁻¹A, B⁻¹b and reduced costs. Basic variables from n on are artificial: they have no column, for they never come back.
type tableau struct {
	rows  [][]float64
	basis []int
	cost  []float64
	n     int
}

// iterate pivots until no column improves; false where one improves without limit.
func (t *tableau) iterate() bool {
	last := len(t.cost) - 1
	for {
		col := -1
		for j := 0; j < t.n; j++ {
			if t.cost[j] < -epsilon {
				col = j
				break
			}
		}
		if col < 0 {
			return true
		}
		row, best := -1, math.Inf(1)
		for i, r := range t.rows {
			if r[col] <= epsilon {
				continue
			}
			q := r[last] / r[col]
			if q < best-1e-12 || q <= best+1e-12 && t.basis[i] < t.basis[row] {
				row, best = i, q
			}
		}
		if row < 0 {
			return false
		}
		t.pivot(row, col)
	}
}

func (t *tableau) pivot(row, col int) {
	pr := t.rows[row]
	f := 1 / pr[col]
	for j := range pr {
		pr[j] *= f
	}
	pr[col] = 1
	clear := func(r []float64) {
		if v := r[col]; v != 0 {
			for j, a := range pr {
				if a != 0 {
					r[j] -= v * a
				}
			}
			r[col] = 0
		}
	}
	for i, r := range t.rows {
		if i != row {
			clear(r)
		}
	}
	clear(t.cost)
	t.basis[row] = col
}

// dropArtificial pivots artificial columns out of the basis; rows that are redundant go away.
func (t *tableau) dropArtificial() {
	for i := 0; i < len(t.rows); {
		if t.basis[i] < t.n {
			i++
			continue
		}
		col, big := -1, 1e-7
		for j := 0; j < t.n; j++ {
			if v := math.Abs(t.rows[i][j]); v > big {
				col, big = j, v
			}
		}
		if col >= 0 {
			t.pivot(i, col)
			i++
			continue
		}
		t.rows = append(t.rows[:i], t.rows[i+1:]...)
		t.basis = append(t.basis[:i], t.basis[i+1:]...)
	}
}
