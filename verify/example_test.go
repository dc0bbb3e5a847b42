package verify_test

import (
	"context"
	"fmt"
	"log"

	"github.com/gobilevel/bilevel/backends"
	_ "github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/verify"
)

const roads = `
	var t >= 0, <= 10;
	lower drivers;
	var x {1..2} >= 0;
	minimize cost: (2 + t) * x[1] + 7 * x[2];
	subject to trips: x[1] + x[2] = 100;
	upper;
	maximize revenue: t * x[1];`

// A point is measured in the model as it was given, with the followers solved again. Nothing that a solver claimed plays a part.
func ExampleCheck() {
	m, err := modfile.Read("roads.mod", []byte(roads))
	if err != nil {
		log.Fatal(err)
	}
	highs, err := backends.Open("highs")
	if err != nil {
		fmt.Println("HiGHS is not in this binary")
		return
	}
	for _, x := range [][]float64{{5, 100, 0}, {6, 100, 0}, {4, 90, 0}} { // toll, cars on each road
		c, err := verify.Check(context.Background(), m, x, verify.Options{Backend: highs})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%v: gap %.4g, violation %.4g, evidence: %v\n", c.Verified, c.FollowerGap, c.FollowerViolation, c.Evidence)
	}
	// Output:
	// true: gap 0, violation 0, evidence: proof
	// false: gap 0.1429, violation 0, evidence: proof
	// false: gap -0.1, violation 10, evidence: proof
}

// A decision of the leader alone is completed by the followers' answers that serve the leader best; the worst ones are told, too.
func ExampleCheckLeader() {
	m, err := modfile.Read("roads.mod", []byte(roads))
	if err != nil {
		log.Fatal(err)
	}
	highs, err := backends.Open("highs")
	if err != nil {
		fmt.Println("HiGHS is not in this binary")
		return
	}
	p, c, err := verify.CheckLeader(context.Background(), m, []float64{5, 0, 0}, verify.Options{Backend: highs})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("cars %v, revenue from %.4g to %.4g\n", p.X[1:], c.Pessimistic+0, c.Optimistic)
	// Output: cars [100 0], revenue from 0 to 500
}
