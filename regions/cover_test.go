package regions

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/reform"
	"github.com/gobilevel/bilevel/verify"
)

// follow is a random model with one follower and a leader that only looks on. Whole data make degenerate bases common.
func follow(seed uint64) *model.Model {
	r := rand.New(rand.NewPCG(seed, 5))
	whole := func(lo, hi int) float64 { return float64(lo + r.IntN(hi-lo+1)) }
	m := model.New(fmt.Sprint("follow ", seed))
	k := 1 + r.IntN(3)
	theta := m.Leader().Vars("t", k, -2, 3)
	if r.IntN(3) == 0 {
		theta[0] = m.Leader().Var("far", 0, model.Inf)
	}
	f := m.Follower("f")
	n := 2 + r.IntN(5)
	y := f.Vars("y", n, math.Inf(-1), model.Inf)
	if r.IntN(3) > 0 {
		y = f.Vars("z", n, 0, model.Inf)
	}
	terms := []model.Expr{}
	curved := r.IntN(2)
	for j := range y {
		terms = append(terms, y[j].Times(whole(-2, 5)), theta[r.IntN(k)].Times(y[j]).Times(whole(-2, 2)), y[j].Times(y[j]).Times(float64(curved)*whole(0, 2)))
	}
	f.Minimize(model.Sum(terms...))
	for i := range 2 + r.IntN(5) {
		var row []model.Expr
		for j := range y {
			row = append(row, y[j].Times(whole(-2, 3)))
		}
		row = append(row, theta[r.IntN(k)].Times(whole(-2, 2)))
		name := fmt.Sprint("c", i)
		switch s := model.Sum(row...); r.IntN(5) {
		case 0:
			f.Constrain(name, s.Eq(whole(0, 3)))
		case 1:
			f.Constrain(name, s.Between(-whole(0, 4), whole(0, 4)))
		case 2:
			f.Constrain(name, s.LE(4))
			f.Constrain(name+"again", s.Times(2).LE(8))
		default:
			f.Constrain(name, s.LE(whole(0, 6)))
		}
	}
	m.Leader().Minimize(theta[0])
	return m
}

// chart enumerates the regions of a model and keeps their affine answers.
type chart struct {
	p       *Problem
	frames  []frame
	regions [][]*region
	cuts    []cut
}

func newChart(m *model.Model) (*chart, error) {
	kkt, err := reform.KKT{}.Apply(context.Background(), m)
	if err != nil {
		return nil, err
	}
	p, err := New(m, kkt.Model)
	if err != nil {
		return nil, err
	}
	s := &search{p: p, opt: Options{Gap: 1e-6}, ctx: context.Background(), rand: rand.New(rand.NewPCG(0, 7)), done: map[string]bool{}, value: math.Inf(1), open: math.Inf(1), floor: math.Inf(1)}
	ts, none, err := p.tableaus(s.rand)
	if err != nil || none != "" {
		return nil, fmt.Errorf("no follower: %v, %v", none, err)
	}
	s.ts = ts
	c := &chart{p: p, frames: newFrames(p.lo, p.hi)}
	s.found = func(f *frame, g *region) error {
		g.answers = nil
		for _, t := range s.ts {
			_, z := t.answer()
			g.answers = append(g.answers, z)
		}
		c.regions[len(c.regions)-1] = append(c.regions[len(c.regions)-1], g)
		return nil
	}
	for i := range c.frames {
		c.regions = append(c.regions, nil)
		if err := s.cover(&c.frames[i], s.domain(&c.frames[i])); err != nil {
			return nil, err
		}
	}
	c.cuts = s.cuts
	if s.stat.Thin > 0 {
		return c, fmt.Errorf("%d slivers", s.stat.Thin)
	}
	return c, nil
}

// Each decision drawn at random lies in a region whose affine answer is optimal to it and no better than that of a separate solve, in one region's inside at most; or it lies in a half-space
// without answers, and the separate solve finds none.
func TestCover(t *testing.T) {
	inside, outside, charts, several := 0, 0, 0, 0
	for seed := range uint64(250) {
		m := follow(seed)
		c, err := newChart(m)
		if err != nil {
			if _, is := err.(*NotForError); !is {
				if c == nil && err.Error()[:2] != "no" {
					t.Errorf("seed %d: %v", seed, err)
				}
			}
			continue
		}
		charts++
		if len(c.regions[0]) > 3 {
			several++
		}
		r := rand.New(rand.NewPCG(seed, 11))
		for range 12 {
			i := r.IntN(len(c.frames))
			f := &c.frames[i]
			v := f.root().inner(r)
			for k := range f.dim { // anywhere, not only about the middle
				v[k] *= math.Pow(r.Float64(), 0.5)
			}
			theta := f.theta(&v)
			x := make([]float64, m.NumVars())
			for k, j := range c.p.params {
				x[j] = theta[k]
			}
			var at *region
			count := 0
			for _, g := range c.regions[i] {
				if g.contains(&v, f.dim) {
					at = g
					count++
				}
			}
			cutOff := false
			for _, q := range c.cuts {
				h := q.h
				for k := range theta {
					h += q.g[k] * theta[k]
				}
				cutOff = cutOff || h < 0
			}
			p, err := verify.Respond(context.Background(), m, x, verify.Options{Backend: solver(t)})
			switch {
			case count == 0 && !cutOff:
				t.Errorf("seed %d: no region has %v", seed, theta)
			case count > 0 && cutOff:
				t.Errorf("seed %d: %v has an answer and none", seed, theta)
			case cutOff && err == nil:
				t.Errorf("seed %d: %v is said to have no answer, but %v is one", seed, theta, p.X)
			case cutOff:
				outside++
			case err != nil:
				t.Errorf("seed %d: %v has an answer, but: %v", seed, theta, err)
			default:
				inside++
				q := append([]float64(nil), x...)
				fol := c.p.followers[0]
				for j, i := range fol.index {
					z := at.answers[0][i][0]
					for k, th := range theta {
						z += at.answers[0][i][k+1] * th
					}
					q[j] = fol.shift[i] + fol.sign[i]*z
				}
				for r := range m.NumRows() {
					if v := m.RowViolation(r, q); v > 1e-6 {
						t.Errorf("seed %d: the answer to %v violates %s by %v", seed, theta, m.RowName(r), v)
					}
				}
				want, got := m.ObjectiveValue(1, p.X), m.ObjectiveValue(1, q)
				if math.Abs(want-got) > 1e-5*math.Max(1, math.Abs(want)) {
					t.Errorf("seed %d: the region's answer to %v costs %v, the follower's %v", seed, theta, got, want)
				}
			}
		}
	}
	t.Logf("%d models, %d of them with several regions; %d decisions with an answer, %d without", charts, several, inside, outside)
	if charts < 150 || several < 80 || inside < 1000 || outside < 100 {
		t.Error("the models are too few, or too simple")
	}
}
