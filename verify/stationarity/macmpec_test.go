package stationarity_test

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/backends/ipopt"
	"github.com/gobilevel/bilevel/internal/dataset"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/mpcc"
	"github.com/gobilevel/bilevel/reform"
	"github.com/gobilevel/bilevel/verify/stationarity"
)

// TestMacMPEC solves instances of the collection locally, classifies where the solver ends, and holds each label that the point gets
// against the definition, with linear programs and formulas that are written here.
func TestMacMPEC(t *testing.T) {
	dir, ok := dataset.Find("macmpec")
	if !ok {
		t.Skip("the MacMPEC collection is not there: set BILEVEL_DATA to the folder of the problem libraries")
	}
	if ipopt.New().Version() == "" {
		t.Skip("the points are computed by Ipopt, which is not in this binary")
	}
	if highs.New().Version() == "" {
		t.Skip("the branches are checked by HiGHS, which is not in this binary")
	}
	limit := 90 // variables; BILEVEL_MACMPEC=all takes all of them, some minutes
	if testing.Short() {
		limit = 30
	}
	if os.Getenv("BILEVEL_MACMPEC") == "all" {
		limit = math.MaxInt
	}
	text, err := os.ReadFile(filepath.Join(dir, "index.json"))
	if err != nil {
		t.Fatal(err)
	}
	var list []struct {
		ID, Mod string
		Dat     *string
	}
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		opt   mpcc.Options
		limit int
	}{
		{"solutions", mpcc.Options{Effort: -1, TimeLimit: 5 * time.Second}, limit},
		{"ends of a relaxation", mpcc.Options{Method: mpcc.Scholtes, NoPolish: true, TimeLimit: 5 * time.Second}, min(limit, 60)},
		{"ends of a penalty", mpcc.Options{Method: mpcc.Penalty, NoPolish: true, TimeLimit: 5 * time.Second}, min(limit, 60)},
	} {
		t.Run(c.name, func(t *testing.T) {
			solved, judged := 0, 0
			count := map[stationarity.Class]int{}
			for _, e := range list {
				var files []string
				if e.Dat != nil && *e.Dat != "" {
					files = append(files, filepath.Join(dir, *e.Dat))
				}
				m, err := modfile.ReadFiles(filepath.Join(dir, e.Mod), files...)
				if err != nil {
					t.Fatal(err)
				}
				if m.NumVars() > c.limit {
					continue
				}
				m, x := localSolution(t, m, c.opt)
				if x == nil {
					continue
				}
				solved++
				ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
				r, err := stationarity.OfModel(ctx, m, x, stationarity.Options{})
				cancel()
				if err != nil {
					t.Fatalf("%s: %v", e.ID, err)
				}
				count[r.Class]++
				if r.Class == stationarity.Unknown || r.Class == stationarity.Infeasible {
					t.Logf("%s: %v, residual %g, violation %g, pairs off by %g; %s", e.ID, r.Class, r.Residual, r.Violation, r.PairResidual, r.Message)
					continue
				}
				judged++
				check(t, e.ID, m, x, r)
			}
			t.Logf("%d points: %v", solved, count)
			if judged < solved*4/5 {
				t.Errorf("only %d of %d points got a label", judged, solved)
			}
		})
	}
}

// localSolution solves a model with mixed pairs written as standard ones, and returns that model. The point is nil where none is found.
func localSolution(t *testing.T, m *model.Model, opt mpcc.Options) (*model.Model, []float64) {
	t.Helper()
	ctx := context.Background()
	if (reform.Normalise{}).Accepts(m) == nil {
		n, err := (reform.Normalise{}).Apply(ctx, m)
		if err != nil {
			t.Fatal(err)
		}
		m = n.Model
	}
	p, err := mpcc.FromModel(m)
	if err != nil {
		return nil, nil
	}
	start, _ := m.StartPoint()
	opt.Solver = ipopt.NewSolver()
	r, err := mpcc.Solve(ctx, p, start, opt)
	if err != nil || !r.Feasible() {
		return nil, nil
	}
	return m, r.X
}

// linearisation is a model at a point, as the definitions see it. Quantities are variables, then constraints.
type linearisation struct {
	m            *model.Model
	prog         *smooth.Compiled
	n            int
	grad         []float64
	value        []float64
	lower, upper []float64
	rows         [][]term
	tolerance    float64
}

type term struct {
	j int32
	v float64
}

func linearise(t *testing.T, m *model.Model, x []float64, tolerance float64) *linearisation {
	t.Helper()
	prog, err := smooth.Compile(m)
	if err != nil {
		t.Fatal(err)
	}
	l := &linearisation{m: m, prog: prog, n: m.NumVars(), grad: make([]float64, m.NumVars()), rows: make([][]term, m.NumRows()), tolerance: tolerance}
	prog.Gradient(x, l.grad)
	c := make([]float64, m.NumRows())
	prog.Rows(x, c)
	l.value = append(append(l.value, x...), c...)
	lo, hi := prog.Bounds()
	rlo, rhi := prog.RowBounds()
	l.lower, l.upper = append(append(l.lower, lo...), rlo...), append(append(l.upper, hi...), rhi...)
	rows, cols := prog.JacobianPattern()
	vals := make([]float64, len(rows))
	prog.Jacobian(x, vals)
	for k, r := range rows {
		if vals[k] != 0 {
			l.rows[r] = append(l.rows[r], term{cols[k], vals[k]})
		}
	}
	return l
}

// size is the largest entry of a quantity's gradient, limited as the package says.
func (l *linearisation) size(q int) float64 {
	if q < l.n {
		return 1
	}
	s := 0.0
	for _, e := range l.rows[q-l.n] {
		s = math.Max(s, math.Abs(e.v))
	}
	return math.Min(math.Max(s, 0.01), 1000)
}

// member is a member of a standard pair: its quantity, the sign of its gradient, and its slack.
func (l *linearisation) member(s model.Member) (q int, sign, slack float64) {
	q = int(s.Index)
	if s.Row {
		q += l.n
	}
	if s.Side == model.AtUpper {
		return q, -1, l.upper[q] - l.value[q]
	}
	return q, 1, l.value[q] - l.lower[q]
}

// check holds a report against the definitions.
func check(t *testing.T, id string, m *model.Model, x []float64, r *stationarity.Report) {
	t.Helper()
	l := linearise(t, m, x, r.Tolerance)
	norm := 0.0
	for _, g := range l.grad {
		norm = math.Max(norm, math.Abs(g))
	}
	if w := r.Multipliers; w != nil {
		if v := l.residual(w); v > 1.1e-6*(1+norm) {
			t.Errorf("%s: %v with a residual of %g", id, r.Class, v)
		}
		for k := range m.NumPairs() {
			p, q := w.First[k], w.Second[k]
			_, _, a := l.member(m.Pair(k).A)
			_, _, b := l.member(m.Pair(k).B)
			if math.Abs(p)*a+math.Abs(q)*b > 1e-5*(1+math.Abs(l.prog.Objective(x))) && math.Max(math.Abs(p)*a, math.Abs(q)*b) > 2e-6*math.Max(math.Abs(p), math.Abs(q)) {
				t.Errorf("%s: multipliers %g, %g of the members %g, %g", id, p, q, a, b)
			}
		}
		for _, k := range r.Biactive {
			p, q := w.First[k], w.Second[k]
			if r.Class == stationarity.SStationary && (p < 0 || q < 0) || (r.Class == stationarity.MStationary || r.Class == stationarity.BStationary) && p*q != 0 && (p < 0 || q < 0) {
				t.Errorf("%s: %v with multipliers %g, %g of %s", id, r.Class, p, q, m.PairName(k))
			}
		}
	}
	switch r.Class {
	case stationarity.SStationary, stationarity.BStationary, stationarity.Stationary:
		if len(r.Biactive) > 10 || m.NumVars() > 600 {
			return
		}
		if d := l.bestDescent(t, r); d < -1e-4*(1+norm) {
			t.Errorf("%s: %v, and a branch descends at rate %g", id, r.Class, d)
		}
	default:
		if d := l.bestDescent(t, r); len(r.Biactive) <= 10 && m.NumVars() <= 600 && d > -1e-6*(1+norm) {
			t.Errorf("%s: %v, and no branch descends (%g)", id, r.Class, d)
		}
	}
}

// residual is ‖∇f + J'λ - zl + zu - Σ (p ∇A + q ∇B)‖∞.
func (l *linearisation) residual(w *stationarity.Multipliers) float64 {
	v := append([]float64(nil), l.grad...)
	add := func(q int, f float64) {
		if q < l.n {
			v[q] += f
			return
		}
		for _, e := range l.rows[q-l.n] {
			v[e.j] += f * e.v
		}
	}
	for r, f := range w.Rows {
		add(l.n+r, f)
	}
	for j := range v {
		v[j] += w.Upper[j] - w.Lower[j]
	}
	for k := range l.m.NumPairs() {
		q, s, _ := l.member(l.m.Pair(k).A)
		add(q, -s*w.First[k])
		q, s, _ = l.member(l.m.Pair(k).B)
		add(q, -s*w.Second[k])
	}
	worst := 0.0
	for _, f := range v {
		worst = math.Max(worst, math.Abs(f))
	}
	return worst
}

// bestDescent is the least ∇f'd over the unit box and all branches of the biactive pairs, by one linear program each.
func (l *linearisation) bestDescent(t *testing.T, r *stationarity.Report) float64 {
	t.Helper()
	a := &highs.Arrays{Cost: l.grad, Start: []int32{0}}
	lo, hi := make([]float64, len(l.value)), make([]float64, len(l.value))
	zero := func(q int, slack float64) bool { return slack <= l.tolerance*l.size(q) }
	for q := range lo {
		lo[q], hi[q] = math.Inf(-1), math.Inf(1)
		if zero(q, l.value[q]-l.lower[q]) {
			lo[q] = 0
		}
		if zero(q, l.upper[q]-l.value[q]) {
			hi[q] = 0
		}
	}
	biactive := map[int]bool{}
	for _, k := range r.Biactive {
		biactive[k] = true
	}
	stay := func(s model.Member) {
		q, _, _ := l.member(s)
		lo[q], hi[q] = 0, 0
	}
	for k := range l.m.NumPairs() {
		if biactive[k] {
			continue
		}
		p := l.m.Pair(k)
		qa, _, sa := l.member(p.A)
		qb, _, sb := l.member(p.B)
		if sa/l.size(qa) < sb/l.size(qb) {
			stay(p.A)
		} else {
			stay(p.B)
		}
	}
	for _, row := range l.rows {
		for _, e := range row {
			a.Index, a.Value = append(a.Index, e.j), append(a.Value, e.v)
		}
		a.Start = append(a.Start, int32(len(a.Index)))
	}
	best := math.Inf(1)
	for pattern := range 1 << len(r.Biactive) {
		low, high := append([]float64(nil), lo...), append([]float64(nil), hi...)
		for i, k := range r.Biactive {
			p := l.m.Pair(k)
			for side, s := range [2]model.Member{p.A, p.B} {
				q, sign, _ := l.member(s)
				if pattern>>i&1 == side {
					low[q], high[q] = 0, 0
				} else if sign > 0 {
					low[q] = 0
				} else {
					high[q] = 0
				}
			}
		}
		a.ColLower, a.ColUpper = low[:l.n], high[:l.n]
		for j := range l.n {
			low[j], high[j] = math.Max(low[j], -1), math.Min(high[j], 1)
		}
		a.RowLower, a.RowUpper = low[l.n:], high[l.n:]
		s, err := highs.Solve(context.Background(), a, highs.SolveOptions{}, nil)
		if err != nil || s.Status != highs.Optimal {
			t.Logf("a branch was not solved: %v, %v", s.Status, err)
			continue
		}
		best = math.Min(best, s.Objective)
	}
	return best
}
