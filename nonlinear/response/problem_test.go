package response_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/nonlinear/newton"
	"github.com/gobilevel/bilevel/nonlinear/response"
)

func read(t *testing.T, text string) *model.Model {
	t.Helper()
	m, err := modfile.Read("test.mod", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestAt compares answers, values and derivatives of the value function with those by hand, of followers that minimise and that maximise, by both
// solvers.
func TestAt(t *testing.T) {
	for _, c := range []struct {
		name, text string
		x          []float64 // decisions
		value      float64
		slope      []float64 // by decision
		rows       []float64 // multipliers
	}{
		{name: "linear, two followers", x: []float64{2, 0.5}, value: 3 - 10, slope: []float64{0, 2}, rows: []float64{-1, 1},
			text: "upper; var a; var b; lower one; var y >= 0; minimize f: y; s.t. r: y >= a + 2*b; lower two; var z >= 0; maximize g: z + a; s.t. q: z <= 8; upper; minimize F: a + b;"},
		{name: "nonlinear", x: []float64{2}, value: math.Exp(2) - 3*2, slope: []float64{math.Exp(2) - 3}, rows: []float64{3 - math.Exp(2)},
			text: "upper; var x; lower; var y; minimize f: exp(y) - 3*y; s.t. r: y >= x; upper; minimize F: x;"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := response.New(read(t, c.text))
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range []response.Solvers{{Smooth: &newton.Solver{}}, {Smooth: &newton.Solver{}, Backend: highs.New()}} {
				x := make([]float64, p.Model.NumVars())
				for i, j := range p.LeaderOwn {
					x[j] = c.x[i]
				}
				a, err := p.At(context.Background(), x, nil, s)
				if err != nil {
					t.Fatal(err)
				}
				if math.Abs(a.Value-c.value) > 1e-7 {
					t.Errorf("value %v, want %v", a.Value, c.value)
				}
				for i, j := range p.LeaderOwn {
					if math.Abs(a.Slope[j]-c.slope[i]) > 1e-6 {
						t.Errorf("derivative %d is %v, want %v", i, a.Slope[j], c.slope[i])
					}
				}
				for r, v := range c.rows {
					if math.Abs(a.Rows[r]-v) > 1e-6 {
						t.Errorf("multiplier %d is %v, want %v", r, a.Rows[r], v)
					}
				}
				again, err := p.At(context.Background(), x, a, s)
				if err != nil || math.Abs(again.Value-c.value) > 1e-7 {
					t.Errorf("from the answer itself: %v %v", again, err)
				}
			}
		})
	}
}

// TestNoAnswer looks at decisions to which there is no answer.
func TestNoAnswer(t *testing.T) {
	p, err := response.New(read(t, "upper; var x; lower; var y >= 0; minimize f: y; s.t. r: y <= x; upper; minimize F: x;"))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []response.Solvers{{Smooth: &newton.Solver{}}, {Smooth: &newton.Solver{}, Backend: highs.New()}} {
		_, err = p.At(context.Background(), []float64{-1, 0}, nil, s)
		var none *response.NoAnswerError
		if !errors.As(err, &none) {
			t.Errorf("%v", err)
		}
	}
}

// TestRefused looks at models of other kinds.
func TestRefused(t *testing.T) {
	for _, text := range []string{
		"var x; minimize F: x^2;",
		"upper; var x; lower; var y integer; minimize f: y^2; upper; minimize F: x;",
		"upper; var x >= 0; lower; var y; minimize f: y^2; upper; minimize F: x; s.t. c: 0 <= x complements y >= 0;",
		"upper; var x; lower A nash; var y; minimize f: (y - x)^2; lower B nash; var z; minimize g: (z - y)^2; upper; minimize F: x;",
		"upper; var x; lower; var y; minimize f: y; s.t. r: y >= x; upper; minimize F: x - r.dual;",
	} {
		_, err := response.New(read(t, text))
		var not *response.NotForError
		if !errors.As(err, &not) {
			t.Errorf("%v for %s", err, text)
		}
	}
}

// TestSets looks at what projections are made of.
func TestSets(t *testing.T) {
	p, err := response.New(read(t, "upper; var a >= 0; var b <= 2; s.t. s: a + b <= 3; s.t. c: a * b <= 1; lower; var y >= 0; var z; minimize f: y^2 + z^2 + a; s.t. t: y - z >= 1; s.t. only: a - b <= 5; upper; minimize F: a;"))
	if err != nil {
		t.Fatal(err)
	}
	s, hard := p.LeaderSet()
	if len(s.Rows) != 2 || !hard[0] || hard[1] || s.RowUpper[0] != 3 || s.RowUpper[1] != 5 || s.Lower[0] != 0 || s.Upper[1] != 2 {
		t.Errorf("%+v %v", s, hard)
	}
	f, err := p.FollowerSet()
	if err != nil || len(f.Rows) != 1 || f.RowLower[0] != 1 || f.Rows[0][1] != -1 {
		t.Errorf("%+v %v", f, err)
	}
}
