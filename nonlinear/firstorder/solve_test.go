package firstorder_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/nonlinear/firstorder"
	"github.com/gobilevel/bilevel/nonlinear/newton"
	"github.com/gobilevel/bilevel/nonlinear/response"
)

func problem(t *testing.T, text string) *response.Problem {
	t.Helper()
	m, err := modfile.Read("test.mod", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	p, err := response.New(m)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// small are problems whose answers are known by hand.
var small = []struct {
	name, text string
	want       float64
	dcaOnly    bool
	reason     string
}{
	{name: "tracking", want: 0.5, reason: "y = x: min (x-1)² + x²",
		text: "upper; var x >= -5, <= 5; lower; var y; minimize f: (y - x)^2; upper; minimize F: (x - 1)^2 + y^2;"},
	{name: "bound of the follower", want: 1, reason: "y = max(x, 0): F = (x+1)² - 3x + 3y with its least value at x = 0",
		text: "upper; var x >= -3, <= 3; lower; var y >= 0; minimize f: (y - x)^2; upper; minimize F: x^2 + 3*y - x + 1;"},
	{name: "leader at a bound", want: 0.25, reason: "y = 2x: (y - 1.5)² for x <= 1/2 is least at the bound",
		text: "upper; var x >= 0, <= 0.5; lower; var y {1..2}; minimize f: (y[1] - 2*x)^2 + (y[2] - y[1])^2; upper; minimize F: (y[2] - 1.5)^2;"},
	{name: "sum of the leader", want: -3, reason: "y = a - b, a + b <= 3: F = -3a + b/2 + .. at a = 1.5, b = 0 gives min -2y - a ... = -3",
		text: "upper; var a >= 0, <= 1.5; var b >= 0; s.t. c: a + b <= 3; lower; var y; minimize f: (y - a + b)^2; upper; minimize F: -y - a + b;"},
	{name: "coupled rows", want: 8, dcaOnly: true, reason: "y = x and x + y >= 4",
		text: "upper; var x; lower; var y; minimize f: (y - x)^2; upper; minimize F: x^2 + y^2; s.t. c: x + y >= 4;"},
	{name: "follower's rows", want: -0.5, dcaOnly: true, reason: "y = min(x, 1-x)",
		text: "upper; var x >= 0, <= 1; lower; var y; maximize f: y; s.t. a: y <= x; b: y <= 1 - x; upper; minimize F: -y;"},
	{name: "value function with kinks", want: 2, dcaOnly: true, reason: "the follower answers |x - 1| and the leader wants x large and y small: y + (3 - x) is 2 for 1 <= x <= 3",
		text: "upper; var x >= 0, <= 3; lower; var y; minimize f: y; s.t. a: y >= x - 1; b: y >= 1 - x; upper; minimize F: y + 3 - x;"},
}

// TestSmall compares every method with the answers by hand.
func TestSmall(t *testing.T) {
	for _, c := range small {
		for _, how := range firstorder.Methods() {
			if c.dcaOnly && how != firstorder.DCA {
				continue
			}
			t.Run(c.name+"/"+how.String(), func(t *testing.T) {
				p := problem(t, c.text)
				start, _ := p.Model.StartPoint()
				start[0] += 0.3
				r, err := firstorder.Solve(context.Background(), p, start, firstorder.Options{Method: how, Smooth: &newton.Solver{}, Backend: highs.New()})
				if err != nil {
					t.Fatal(err)
				}
				t.Logf("%+v", *r)
				tolerance := 1e-4
				if how == firstorder.BOME || how == firstorder.F2SA { // their steps shrink like roots of the iteration
					tolerance = 1e-2
				}
				if !(math.Abs(r.Objective-c.want) <= tolerance) || r.Status != model.StatusLocal && r.Status != model.StatusFeasible {
					t.Errorf("%v value %v, want %v (%s)", r.Status, r.Objective, c.want, c.reason)
				}
				if v := math.Abs(p.Inner.Objective(r.X) - r.Answer.Value); v > 1e-9 {
					t.Errorf("the answer is %v from optimal", v)
				}
			})
		}
	}
}

// TestDescent holds the merit of the DC algorithm against its promise: for a fixed weight it falls by half of ρ|step|².
func TestDescent(t *testing.T) {
	for _, c := range small {
		p := problem(t, c.text)
		var last firstorder.Event
		seen := 0
		opt := firstorder.Options{Method: firstorder.DCA, Smooth: &newton.Solver{}, Rho: 0.05, Lambda: 20, Progress: func(e firstorder.Event) bool {
			if e.Iteration > 1 && e.Lambda == last.Lambda {
				seen++
				if step := last.Residual; e.Merit > last.Merit-0.5*0.05*step*step+1e-7 {
					t.Errorf("%s: the merit goes from %v to %v with a step of %v", c.name, last.Merit, e.Merit, step)
				}
			}
			last = e
			return true
		}}
		start, _ := p.Model.StartPoint()
		if _, err := firstorder.Solve(context.Background(), p, start, opt); err != nil {
			t.Fatal(err)
		}
		if seen == 0 && last.Iteration > 2 {
			t.Errorf("%s: no two steps were compared", c.name)
		}
	}
}

// TestRefusals looks at models that the methods are not for.
func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		text string
		how  firstorder.Method
	}{
		{"upper; var x; lower; var y; minimize f: (y - x^3)^2; upper; minimize F: x + y;", firstorder.DCA},
		{"upper; var x; lower; var y; minimize f: y^2; s.t. c: y >= x; upper; minimize F: x + y;", firstorder.BOME},
		{"upper; var x; lower; var y; minimize f: y^2; upper; minimize F: x + y; s.t. c: x + y >= 1;", firstorder.Penalty},
	} {
		p := problem(t, c.text)
		_, err := firstorder.Solve(context.Background(), p, make([]float64, 2), firstorder.Options{Method: c.how, Smooth: &newton.Solver{}})
		var not *response.NotForError
		if !errors.As(err, &not) || not.Where == "" || not.Remedy == "" {
			t.Errorf("%v: %v", c.how, err)
		}
	}
}

// TestLocalIsSaidOfThePointTested holds answers that are called local against F(x, y(x)), which has no kink in these problems: by differences of exact answers the decision
// returned is stationary.
func TestLocalIsSaidOfThePointTested(t *testing.T) {
	texts := []string{
		"upper; var x >= -5, <= 5; lower; var y; minimize f: (y - x)^2; upper; minimize F: (x - 1)^2 + y^2;",
		"upper; var x >= -5, <= 5; lower; var y; minimize f: 0.00001*(y - x)^2; upper; minimize F: 0.001*(x - 1)^2 + 0.001*y^2;",
		"upper; var x >= -50, <= 50; lower; var y; minimize f: 20*(y - 2*x)^2; upper; minimize F: (x - 3)^2 + 100*(y - 1)^2;",
		"upper; var x >= -4, <= 4; lower; var y; minimize f: (y - x)^2 + 0.1*y^4; upper; minimize F: x^2 - 3*y + 0.5*x;",
	}
	local := 0
	for _, text := range texts {
		for _, how := range firstorder.Methods() {
			p := problem(t, text)
			r, err := firstorder.Solve(context.Background(), p, []float64{0.7, 0}, firstorder.Options{Method: how, Smooth: &newton.Solver{}, Backend: highs.New()})
			var not *response.NotForError
			if errors.As(err, &not) {
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			if r.Status != model.StatusLocal {
				continue
			}
			local++
			value := func(x float64) float64 {
				a, err := p.At(context.Background(), []float64{x, r.X[1]}, nil, response.Solvers{Smooth: &newton.Solver{}, Backend: highs.New()})
				if err != nil {
					t.Fatal(err)
				}
				return p.Outer.Objective(a.X)
			}
			const h = 1e-4
			x := r.X[0]
			if v := math.Abs(value(x) - r.Objective); v > 1e-7*math.Max(1, math.Abs(r.Objective)) {
				t.Errorf("%v: the objective %v is %v from that of the answer\n%s", how, r.Objective, v, text)
			}
			slope := (value(x+h) - value(x-h)) / (2 * h)
			g := make([]float64, 2)
			p.Outer.Gradient(r.X, g)
			if size := math.Max(1, math.Hypot(g[0], g[1])); math.Abs(slope) > 1e-3*size {
				t.Errorf("%v: local at x = %v, where the leader's objective has the slope %v\n%s", how, x, slope, text)
			}
		}
	}
	if local < 6 {
		t.Errorf("%d answers were local", local)
	}
}
