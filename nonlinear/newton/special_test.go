package newton_test

import (
	"context"
	"math"
	"testing"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/newton"
)

// special is a problem that is hard in kind, or has no solution.
type special struct {
	classic
	status model.Status // 0: optimal
	either bool         // the status, or optimal
}

var specials = []special{
	{classic{name: "unbounded line", start: []float64{0}, text: `minimize f: -x1;`}, model.StatusUnbounded, false},
	{classic{name: "unbounded cubic", start: []float64{-1}, text: `minimize f: x1^3;`}, model.StatusUnbounded, false},
	{classic{name: "unbounded concave", start: []float64{1}, bounds: "0 ", text: `minimize f: -x1^2;`}, model.StatusUnbounded, false},
	{classic{name: "unbounded linear program", start: []float64{1, 1}, bounds: "0 ", text: `minimize f: -x1-x2; c: x1-x2<=1; d: x2-x1<=1;`}, model.StatusUnbounded, false},
	{classic{name: "unbounded along a curve", start: []float64{1, 1}, text: `minimize f: x2; c: x2=-x1^2;`}, model.StatusUnbounded, false},
	{classic{name: "infeasible linear", start: []float64{0, 0}, bounds: " 1", text: `minimize f: x1; c: x1+x2>=3;`}, model.StatusInfeasible, false},
	{classic{name: "infeasible square", start: []float64{3}, text: `minimize f: x1; c: x1^2+1<=0;`}, model.StatusInfeasible, false},
	{classic{name: "infeasible equation", start: []float64{3}, text: `minimize f: x1; c: x1^2=-1;`}, model.StatusInfeasible, false},
	{classic{name: "infeasible sine", start: []float64{0.3}, text: `minimize f: x1^2; c: sin(x1)=2;`}, model.StatusInfeasible, false},
	{classic{name: "two planes", start: []float64{0, 0}, text: `minimize f: x1^2+x2^2; c: x1+x2=1; d: x1+x2=2;`}, model.StatusInfeasible, false},
	{classic{name: "circles apart", start: []float64{0, 0}, text: `minimize f: x1; c: x1^2+x2^2<=1; d: (x1-3)^2+x2^2<=1;`}, model.StatusInfeasible, false},
	{classic{name: "infeasible corner", start: []float64{1, 1}, bounds: "0 ", text: `minimize f: x1+x2; c: x1*x2>=4; d: x1+x2<=3;`}, model.StatusInfeasible, false},
	{classic{name: "the same plane twice", start: []float64{5, -3}, text: `minimize f: x1^2+2*x2^2; c: x1+x2=1; d: 2*x1+2*x2=2;`, want: 2.0 / 3}, 0, false},
	{classic{name: "the same circle twice", start: []float64{1, 0.1}, text: `minimize f: x1+x2; c: x1^2+x2^2=2; d: 3*x1^2+3*x2^2=6;`, want: -2}, 0, false},
	{classic{name: "the same half-plane twice", start: []float64{0, 0}, text: `minimize f: x1^2+x2^2; c: x1+x2>=1; d: 2*x1+2*x2>=2; e: x1+x2>=0.5;`, want: 0.5}, 0, false},
	{classic{name: "a point as two half-lines", start: []float64{3}, text: `minimize f: x1^2; c: x1>=1; d: x1<=1;`, want: 1}, 0, false},
	{classic{name: "equation as two inequalities", start: []float64{3, 3}, text: `minimize f: x1^2+x2^2; c: x1*x2>=1; d: x1*x2<=1;`, want: 2}, 0, false},
	{classic{name: "a row with a range", start: []float64{0, 0}, text: `minimize f: (x1-3)^2+x2^2; c: 1<=x1+x2<=2;`, want: 0.5}, 0, false},
	{classic{name: "no log at the start", start: []float64{-1}, text: `minimize f: x1-log(x1);`, want: 1}, 0, false},
	{classic{name: "no log at the start, a box", start: []float64{-5, 9}, bounds: "-10 10", text: `minimize f: -log(x1)-log(1-x1-x2)+x2^2;`, want: 0.80583672}, 0, false},
	{classic{name: "no square root at the start", start: []float64{-4, 2}, text: `minimize f: x1+x2; c: sqrt(x1)+sqrt(x2)>=2;`, want: 2}, 0, false},
	{classic{name: "log behind a steep step", start: []float64{1e-6}, text: `minimize f: 1000*x1-log(x1);`, want: 1 + math.Log(1000)}, 0, false},
	{classic{name: "start at a saddle", start: []float64{0, 0}, text: `minimize f: x1^2-x2^2+x2^4;`, want: -0.25}, 0, false},
	{classic{name: "start at a maximum", start: []float64{0, 0}, text: `minimize f: (x1^2-1)^2+(x2^2-1)^2;`, want: 0}, 0, false},
	{classic{name: "saddle on a constraint", start: []float64{1, 0, 0}, text: `minimize f: -x2^2-2*x3^2; c: x1^2+x2^2+x3^2=1;`, want: -2}, 0, false},
	{classic{name: "saddle in a box", start: []float64{0.5, 0.5}, bounds: "0 1", text: `minimize f: -(x1-0.5)^2-(x2-0.5)^2;`, want: -0.5}, 0, false},
	{classic{name: "no constraint qualification", start: []float64{1, 1}, text: `minimize f: x1; c: x1^2+x2^2<=0;`, want: 0, tol: 1e-3}, 0, false},
	{classic{name: "cusp", start: []float64{2, 2}, text: `minimize f: x1; c: x1^3-x2^2=0;`, want: 0, tol: 1e-2}, 0, false},
	{classic{name: "double root", start: []float64{3}, text: `minimize f: x1; c: (x1-1)^2=0;`, want: 1, tol: 1e-3}, 0, false},
	// From the left the violation |c| + |d| has a local minimum at (-1,0,0).
	{classic{name: "wachter and biegler", start: []float64{-1, 1, 1}, bounds: ",0 ,0 ", text: `minimize f: x1; c: x1^2-x2-1=0; d: x1-x3-0.5=0;`, want: 1}, model.StatusInfeasible, true},
	{classic{name: "wachter and biegler, far from a solution", start: []float64{-2, 3, 1}, bounds: ",0 ,0 ", text: `minimize f: x1; c: x1^2-x2-1=0; d: x1-x3-0.5=0;`, want: 1}, model.StatusInfeasible, true},
	{classic{name: "wachter and biegler, from the right", start: []float64{2, 3, 1}, bounds: ",0 ,0 ", text: `minimize f: x1; c: x1^2-x2-1=0; d: x1-x3-0.5=0;`, want: 1}, 0, false},
	{classic{name: "powell's badly scaled equations", start: []float64{0, 1}, text: `minimize f: 0; c: 1e4*x1*x2=1; d: exp(-x1)+exp(-x2)=1.0001;`, want: 0}, 0, false},
	{classic{name: "badly scaled objective", start: []float64{5, 5}, text: `minimize f: 1e9*(x1-1)^2+1e-3*(x2-2)^2;`, want: 0}, 0, false},
	{classic{name: "large numbers", start: []float64{0, 0}, bounds: "0 1e7", text: `minimize f: 1e-6*(x1-3e6)^2+x2; c: x1+x2>=5e6;`, want: 1750000}, 0, false},
	{classic{name: "far start", start: []float64{1e6, -1e6}, text: `minimize f: (x1-1)^2+(x2-2)^2; c: x1^2+x2^2<=1;`, want: math.Pow(math.Sqrt(5)-1, 2)}, 0, false},
	{classic{name: "more equations than variables", start: []float64{4, 4}, text: `minimize f: x1+x2; c: x1+x2=3; d: x1-x2=1; e: x1*x2=2;`, want: 3}, 0, false},
	{classic{name: "fixed variables", start: []float64{4, 4, 9}, bounds: ",2 2,", text: `minimize f: (x1-x2)^2+x3^2; c: x1+x2+x3=5;`, want: 0.5}, 0, false},
	{classic{name: "all variables fixed", start: []float64{4, 4}, bounds: "1 1,2 2", text: `minimize f: x1+x2^2; c: x1+x2<=3;`, want: 5}, 0, false},
	{classic{name: "all variables fixed, infeasible", start: []float64{4, 4}, bounds: "1 1,2 2", text: `minimize f: x1+x2^2; c: x1+x2<=2;`}, model.StatusInfeasible, false},
	{classic{name: "constant", start: []float64{7}, text: `minimize f: 3;`, want: 3}, 0, false},
	{classic{name: "a vertex", start: []float64{1, 1}, bounds: "0 ", text: `minimize f: -x1-2*x2; c: x1+x2<=4; d: x1+3*x2<=6;`, want: -5}, 0, false},
	{classic{name: "an optimal face", start: []float64{1, 1}, bounds: "0 ", text: `minimize f: -x1-x2; c: x1+x2<=4; d: x1<=3;`, want: -4}, 0, false},
	{classic{name: "quartic valley", start: []float64{3, -1, 0, 1}, text: `minimize f: (x1+10*x2)^2+5*(x3-x4)^2+(x2-2*x3)^4+10*(x1-x4)^4;`, want: 0}, 0, false},
}

func TestSpecials(t *testing.T) {
	for _, c := range specials {
		t.Run(c.name, func(t *testing.T) {
			p := compile(t, c.source())
			a, err := (&newton.Solver{}).Solve(context.Background(), p, smooth.Start{X: c.start}, options(t))
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%s: %v, %d iterations, %d evaluations, %v at %v, %s", c.name, a.Status, a.Iterations, a.Evaluations, a.Objective, a.X, a.Message)
			want := c.status
			if want == 0 {
				want = model.StatusOptimal
			}
			if c.either && a.Status == model.StatusOptimal {
				want = a.Status
			}
			if a.Status != want && !(c.tol > 0 && a.Status == model.StatusReducedAccuracy) {
				t.Fatalf("%v (%s), want %v", a.Status, a.Message, want)
			}
			if want != model.StatusOptimal {
				return
			}
			tol := c.tol
			if tol == 0 {
				tol = 1e-6
			}
			if math.Abs(a.Objective-c.want) > tol*max(1, math.Abs(c.want)) {
				t.Errorf("objective %v at %v, want %v", a.Objective, a.X, c.want)
			}
			if a.Violation > 1e-8 {
				t.Errorf("violation %v", a.Violation)
			}
		})
	}
}
