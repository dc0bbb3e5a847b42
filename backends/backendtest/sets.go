package backendtest

import (
	"math"
	"math/rand"
	"testing"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
)

// sets compares the optimum of random problems with SOS1 sets with the best over all choices of which member of each set may differ from zero.
// Some have integer variables, members of both signs, or sets that overlap.
func (s *suite) sets(t *testing.T) {
	s.requires(t, model.SOS1Sets)
	solved, none := 0, 0
	for seed := range int64(150) {
		f := randomSets(rand.New(rand.NewSource(seed)), int(seed))
		if f.model().Constructs().Without(s.caps.Takes) != 0 {
			continue
		}
		want := s.bestChoice(t, f)
		r := s.solve(t, f.model(), backends.Options{Gap: 1e-9, AbsoluteGap: 1e-7})
		if math.IsNaN(want) {
			none++
			if r.Status == optimal || s.Proves == model.ProofGlobal && r.Status != infeasible {
				t.Errorf("seed %d: %v %v, no choice is feasible", seed, r.Status, r.Objective)
			}
			continue
		}
		solved++
		if s.Proves == model.ProofGlobal && (r.Status != optimal || !s.within(r.Objective, want, max(s.AbsTol, 1e-6))) {
			t.Errorf("seed %d: %v %v (%s), want %v", seed, r.Status, r.Objective, r.Message, want)
		}
	}
	if s.Proves == model.ProofGlobal && (solved < 60 || none < 3) {
		t.Errorf("only %d problems with a solution and %d without were compared", solved, none)
	}
}

// bestChoice is the best objective over all choices of a member of each set, by the backend's own solves without sets; NaN where none is feasible.
func (s *suite) bestChoice(t *testing.T, f form) float64 {
	t.Helper()
	best := math.NaN()
	var choose func(k int, zero []bool)
	choose = func(k int, zero []bool) {
		if k < len(f.sos) {
			for _, keep := range f.sos[k] {
				next := append([]bool(nil), zero...)
				for _, j := range f.sos[k] {
					next[j] = next[j] || j != keep
				}
				choose(k+1, next)
			}
			return
		}
		g := f
		g.sos, g.lo, g.hi = nil, append([]float64(nil), f.lo...), append([]float64(nil), f.hi...)
		for j, z := range zero {
			if z {
				g.lo[j], g.hi[j] = max(0, g.lo[j]), min(0, g.hi[j])
			}
		}
		if r := s.solve(t, g.model(), backends.Options{Gap: 1e-9, AbsoluteGap: 1e-7}); r.Status == optimal && !(f.sign()*r.Objective >= f.sign()*best) {
			best = r.Objective
		}
	}
	choose(0, make([]bool, len(f.cost)))
	return best
}

func (f form) sign() float64 {
	if f.maximize {
		return -1
	}
	return 1
}

// randomSets is a problem with six variables, four rows and sets: pairs, two triples, or triples that overlap.
func randomSets(r *rand.Rand, number int) form {
	const n = 6
	f := form{maximize: number%2 == 1, kind: make([]model.Kind, n)}
	for j := range n {
		lo := 0.0
		if r.Intn(4) == 0 {
			lo = -float64(r.Intn(5))
		}
		f.lo, f.hi = append(f.lo, lo), append(f.hi, float64(1+r.Intn(9)))
		f.cost = append(f.cost, f.sign()*float64(r.Intn(19)-14))
		if number%5 == 4 && r.Intn(2) == 0 {
			f.kind[j] = model.Integer
		}
	}
	for range 4 {
		coef := make([]float64, n)
		for j := range coef {
			if r.Intn(2) == 0 {
				coef[j] = float64(r.Intn(11) - 5)
			}
		}
		if r.Intn(3) == 0 {
			f.rows = append(f.rows, ge(float64(r.Intn(4)-1), coef...))
		} else {
			f.rows = append(f.rows, le(float64(r.Intn(12)), coef...))
		}
	}
	switch number % 3 {
	case 0:
		f.sos = [][]int32{{0, 1}, {2, 3}, {4, 5}}
	case 1:
		f.sos = [][]int32{{0, 1, 2}, {3, 4, 5}}
	default:
		for range 3 {
			p := r.Perm(n)
			f.sos = append(f.sos, []int32{int32(p[0]), int32(p[1]), int32(p[2])})
		}
	}
	return f
}
