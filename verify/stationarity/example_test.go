package stationarity_test

import (
	"context"
	"fmt"

	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/verify/stationarity"
)

// The origin is C-stationary: both multipliers of the pair are -2. It is no minimiser, since in either branch the objective falls.
func ExampleOfModel() {
	m, err := modfile.Read("corner.mod", []byte(`
		var x >= 0; var y >= 0;
		minimize f: (x - 1)^2 + (y - 1)^2;
		subject to pair: 0 <= x complements y >= 0;`))
	if err != nil {
		panic(err)
	}
	r, err := stationarity.OfModel(context.Background(), m, []float64{0, 0}, stationarity.Options{})
	if err != nil {
		panic(err)
	}
	fmt.Println(r.Class, "C:", r.C, "M:", r.M, "B:", r.B)
	fmt.Println("multipliers", r.Multipliers.First[0], r.Multipliers.Second[0])
	fmt.Println("falls along", r.Descent)
	// Output:
	// C-stationary C: yes M: no B: no
	// multipliers -2 -2
	// falls along [0 1]
}

// The best step from the same point, and the branch that it takes.
func ExampleProblem_LPEC() {
	m, err := modfile.Read("corner.mod", []byte(`
		var x >= 0; var y >= 0;
		minimize f: (x - 1)^2 + (y - 2)^2;
		subject to pair: 0 <= x complements y >= 0;`))
	if err != nil {
		panic(err)
	}
	p, err := stationarity.NewOfModel(m)
	if err != nil {
		panic(err)
	}
	d, err := p.LPEC(context.Background(), []float64{0, 0}, stationarity.LPECOptions{Radius: 0.5})
	if err != nil {
		panic(err)
	}
	fmt.Println(d.Value, d.D, d.Branches[0], d.Stationary)
	// Output:
	// -2 [0 0.5] first zero no
}
