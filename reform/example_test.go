package reform_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/reform"
)

// A chain turns a model into one that a solver takes, and brings its points back. Here the follower becomes its optimality conditions.
func ExampleChain() {
	m, err := modfile.Read("m.mod", []byte(`
		var x >= 0, <= 4;
		lower f;
		var y >= 0;
		minimize g: y;
		subject to r: y >= x;
		upper;
		maximize F: x - 3 * y;`))
	if err != nil {
		log.Fatal(err)
	}
	c := reform.NewChain(m)
	if err := c.Apply(context.Background(), reform.KKT{}); err != nil {
		log.Fatal(err)
	}
	fmt.Println(c.Names(), c.Proof())
	if err := modfile.Print(os.Stdout, c.Model()); err != nil {
		log.Fatal(err)
	}
	// The multiplier of r is 1. Recover brings the point back to the model above.
	x := make([]float64, c.Model().NumVars())
	x[0], x[1], x[2] = 2, 2, 1
	p, err := c.Recover(&model.Point{X: x})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(p.X)
	// Output:
	// [kkt] global
	// var x >= 0, <= 4;
	// var y >= 0;
	// var u_r >= 0;
	// maximize F: x - 3*y;
	// subject to r: -x + y >= 0;
	// subject to stat_y: -u_r >= -1;
	// subject to c_r: u_r >= 0 complements r.lslack >= 0;
	// subject to b_y: stat_y.lslack >= 0 complements y >= 0;
	// [2 2]
}

// A pass says which constraint it does not accept, and why.
func ExamplePass() {
	m, err := modfile.Read("m.mod", []byte("var x >= 0; lower f; var y integer >= 0, <= 3; maximize g: y; subject to r: y <= x; upper; minimize F: x - y;"))
	if err != nil {
		log.Fatal(err)
	}
	var pass reform.Pass = reform.KKT{}
	fmt.Println(pass.Name(), "-", pass.Accepts(m))
	// Output:
	// kkt - kkt: follower f: 1 integer variable: optimality conditions do not describe its answer; use --reform answer-cuts for linear followers that integer variables of the leader reach, else --reform global, which divides the box of all variables
}
