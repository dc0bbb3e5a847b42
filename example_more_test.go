package bilevel_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"strings"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/model/modfile"
)

// A session solves a model again after edits, from what the earlier solves have left.
func ExampleSession() {
	m, err := modfile.ReadFiles("examples/two-roads/two-roads.mod")
	if err != nil {
		log.Fatal(err)
	}
	toll, _ := m.VarByName("t")
	s := bilevel.NewSession(m)
	for _, highest := range []float64{10, 8, 4} {
		if err := toll.SetBounds(0, highest); err != nil {
			log.Fatal(err)
		}
		r, err := s.Solve(context.Background())
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("up to %g: revenue %.4g, without a search: %v\n", highest, r.Objective, s.Reuse().Settled)
	}
	// Output:
	// up to 10: revenue 500, without a search: false
	// up to 8: revenue 500, without a search: true
	// up to 4: revenue 400, without a search: false
}

// A sweep solves a model for many values of a parameter.
func ExampleSweep() {
	file, err := modfile.Parse("roads.mod", []byte(`
		param free default 7;
		var t >= 0, <= 10;
		lower drivers;
		var x {1..2} >= 0;
		minimize cost: (2 + t) * x[1] + free * x[2];
		subject to trips: x[1] + x[2] = 100;
		upper;
		maximize revenue: t * x[1];`))
	if err != nil {
		log.Fatal(err)
	}
	make := func(ctx context.Context, v []float64) (*bilevel.Model, error) {
		return file.Instantiate(modfile.Options{Params: map[string]float64{"free": v[0]}, Context: ctx})
	}
	points, err := bilevel.Sweep(context.Background(), []bilevel.Parameter{{Name: "free", Values: []float64{4, 7, 10}}}, make)
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range points {
		fmt.Printf("%g minutes: revenue %.4g, %v\n", p.Values[0], p.Result.Objective, p.Result.Proof)
	}
	// Output:
	// 4 minutes: revenue 200, global
	// 7 minutes: revenue 500, global
	// 10 minutes: revenue 800, global
}

// A model through several chains of reformulations. Without Ways all that apply are tried.
func ExampleCompare() {
	m, err := modfile.ReadFiles("examples/two-roads/two-roads.mod")
	if err != nil {
		log.Fatal(err)
	}
	list, err := bilevel.Compare(context.Background(), m, bilevel.CompareOptions{Ways: []bilevel.Way{
		{Reform: "kkt", Backend: "branch"}, {Reform: "kkt+big-m", Backend: "highs"}, {Reform: "kkt+sos1", Backend: "ipopt"},
	}})
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range list {
		if c.Result == nil {
			fmt.Printf("%v: does not apply\n", c.Way)
			continue
		}
		fmt.Printf("%v: %.4g, %v\n", c.Way, c.Result.Objective, c.Result.Proof)
	}
	// Output:
	// kkt -> branch: 500, global
	// kkt+big-m -> highs: 500, global-if-bounds
	// kkt+sos1 -> ipopt: does not apply
}

// What conflicts in a model that is infeasible: a smallest set of constraints, bounds and followers' objectives.
func ExampleDiagnose() {
	m := bilevel.NewModel("infeasible")
	x := m.Leader().Var("x", 0, 1)
	f := m.Follower("f")
	y := f.Var("y", 0, bilevel.Inf)
	f.Maximize(y)
	f.Constrain("room", y.LE(x.Plus(1)))
	m.Leader().Minimize(x)
	m.Leader().Constrain("limit", y.LE(0.5))
	m.Leader().Constrain("idle", x.LE(5))

	r, err := bilevel.Diagnose(context.Background(), m, bilevel.DiagnoseOptions{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(r.Problem, "-", len(r.Conflict.Members), "members conflict:")
	for _, c := range r.Conflict.Members {
		fmt.Println(" ", c.Text)
	}
	// Output:
	// infeasible - 3 members conflict:
	//   follower f answers optimally
	//   y <= 0.5
	//   x >= 0
}

// The kind of stationarity of a point with a biactive pair.
func ExampleStationarity() {
	m, err := modfile.Read("corner.mod", []byte(`
		var x >= 0;
		var y >= 0;
		minimize f: (x - 1)^2 + (y - 2)^2;
		subject to pair: 0 <= x complements y >= 0;`))
	if err != nil {
		log.Fatal(err)
	}
	for _, point := range [][]float64{{0, 0}, {0, 2}} {
		r, err := bilevel.Stationarity(context.Background(), m, point)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(point, r.Class)
	}
	// Output:
	// [0 0] C-stationary
	// [0 2] S-stationary
}

// Followers that break ties against the leader: there may be no best decision, only ones that come near to a value.
func ExampleOptions_attitude() {
	m, err := modfile.ReadFiles("examples/two-roads/two-roads.mod")
	if err != nil {
		log.Fatal(err)
	}
	r, err := bilevel.Solve(context.Background(), m, bilevel.Options{Attitude: bilevel.Pessimistic})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s, %v: the infimum is %.4g\n", r.Outcome(), r.Attainment, r.Infimum)
	// Output: feasible, not attained: the infimum is 500
}

// The word of a result is that of the command; the proof says how good the point is.
func ExampleResult_Outcome() {
	m, err := modfile.Read("parking.mod", []byte(`
		var fee >= 0, <= 20;
		lower drivers;
		var hours >= 0;
		maximize surplus: 10 * log(1 + hours) - (1 + fee) * hours;
		upper;
		maximize income: fee * hours;`))
	if err != nil {
		log.Fatal(err)
	}
	r, err := bilevel.Solve(context.Background(), m, bilevel.Options{Reform: "kkt"}) // without a proof afterwards
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(r.Outcome(), r.Proof, r.Attainment)
	// Output: feasible local not known to be attained
}

// Mistakes in a text come with their place; mistakes in a model with the name and the remedy.
func ExampleSolve_errors() {
	_, err := modfile.Read("typo.mod", []byte("var price >= 0;\nminimize cost: prize;\n"))
	var mistake *modfile.Error
	if errors.As(err, &mistake) {
		fmt.Printf("%s:%d:%d: %s\n", mistake.File, mistake.Line, mistake.Column, mistake.Message)
	}

	m := bilevel.NewModel("bounds")
	m.Leader().Var("x", 3, 1)
	_, err = bilevel.Solve(context.Background(), m)
	fmt.Println(strings.Split(err.Error(), "\n")[0])
	// Output:
	// typo.mod:2:16: there is no 'prize'
	// x: the lower bound 3 is above the upper bound 1; exchange them, or drop one
}
