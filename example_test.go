package bilevel_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/model/modfile"
)

// Two roads lead to town. The leader sets the toll on the quick one; a hundred drivers take what is cheapest.
func Example() {
	m := bilevel.NewModel("two-roads")
	toll := m.Leader().Var("toll", 0, 10)

	drivers := m.Follower("drivers")
	cars := drivers.Vars("cars", 2, 0, bilevel.Inf) // quick road, free road
	drivers.Minimize(bilevel.Sum(toll.Plus(2).Times(cars[0]), cars[1].Times(7)))
	drivers.Constrain("trips", bilevel.Sum(cars...).Eq(100))

	m.Leader().Maximize(toll.Times(cars[0]))

	res, err := bilevel.Solve(context.Background(), m)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("toll %.4g, revenue %.4g, proof %v\n", res.Value(toll), res.Objective, res.Proof)
	fmt.Printf("verified %v, in the worst case %.4g\n", res.Certificate.Verified, res.Certificate.Pessimistic+0)
	// Output:
	// toll 5, revenue 500, proof global
	// verified true, in the worst case 0
}

// No answer of the follower satisfies the leader's constraint. That is a result, not an error.
func ExampleSolve_infeasible() {
	m := bilevel.NewModel("infeasible")
	x := m.Leader().Var("x", 0, 1)
	f := m.Follower("f")
	y := f.Var("y", 0, bilevel.Inf)
	f.Maximize(y)
	f.Constrain("a", y.LE(x.Plus(1)))
	m.Leader().Minimize(x)
	m.Leader().Constrain("limit", y.LE(0.5))

	res, err := bilevel.Solve(context.Background(), m)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(res.Status, res.Proof)
	// Output: infeasible infeasible
}

// The passes and the solver may be named. A big-M of 1000 is proven by nothing here, so the proof has a condition.
func ExampleOptions() {
	m, err := modfile.ReadFiles("examples/two-roads/two-roads.mod")
	if err != nil {
		log.Fatal(err)
	}
	res, err := bilevel.Solve(context.Background(), m, bilevel.Options{Reform: "kkt+big-m", Backend: "highs", BigM: 1000})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(res.Plan, res.Backend)
	fmt.Printf("%.4g %v %d\n", res.Objective, res.Proof, len(res.Assumptions))
	// Output:
	// [price-product kkt big-m] highs
	// 500 global-if-bounds 2
}

func ExampleSum() {
	m := bilevel.NewModel("sum")
	x := m.Leader().Vars("x", 3, 0, 4)
	m.Leader().Maximize(bilevel.Sum(x...))
	m.Leader().Constrain("one", bilevel.Sum(x[0].Times(2), x[1].Plus(x[2])).LE(6))
	show(m)
	// Output:
	// var x {0..2} >= 0, <= 4;
	// maximize: x[0] + x[1] + x[2];
	// subject to one: 2*x[0] + x[1] + x[2] <= 6;
}

func ExampleSumOver() {
	price := []float64{3, 5, 4}
	m := bilevel.NewModel("sum-over")
	x := m.Leader().Vars("x", 3, 0, 4)
	y := m.Leader().Var("y", 0, 1)
	m.Leader().Minimize(bilevel.SumOver(3, func(k int) any { return x[k].Minus(y).Times(price[k]) }))
	show(m)
	// Output:
	// var x {0..2} >= 0, <= 4;
	// var y >= 0, <= 1;
	// minimize: 3*x[0] + 5*x[1] + 4*x[2] - 12*y;
}

func ExampleDot() {
	m := bilevel.NewModel("dot")
	x := m.Leader().Vars("x", 3, 0, 4)
	m.Leader().Maximize(bilevel.Dot(nil, x))
	m.Leader().ConstrainEach("cap", 2, func(k int) bilevel.Relation {
		return bilevel.Dot([]float64{1, 2}, x[k:k+2]).LE(6)
	})
	show(m)
	// Output:
	// var x {0..2} >= 0, <= 4;
	// maximize: x[0] + x[1] + x[2];
	// subject to cap[0]: x[0] + 2*x[1] <= 6;
	// subject to cap[1]: x[1] + 2*x[2] <= 6;
}

func ExampleConst() {
	m := bilevel.NewModel("const")
	x := m.Leader().Var("x", 0, 4)
	m.Leader().Maximize(bilevel.Const(10).Minus(x))
	m.Leader().Constrain("window", bilevel.Const(3).Minus(x).Between(-1, 2))
	show(m)
	// Output:
	// var x >= 0, <= 4;
	// maximize: -x + 10;
	// subject to window: -4 <= -x <= -1;
}

// The price at which a market clears is the dual of its demand, and the leader may use it.
func Example_duals() {
	m := bilevel.NewModel("market")
	tax := m.Leader().Var("tax", 0, 5)
	market := m.Follower("market")
	cheap := market.Var("cheap", 0, 30)
	dear := market.Var("dear", 0, 100)
	market.Minimize(tax.Plus(2).Times(cheap).Plus(dear.Times(6)))
	demand := market.Constrain("demand", cheap.Plus(dear).Eq(50))
	m.Leader().Maximize(tax.Times(cheap).Minus(demand.Dual().Times(4)))

	res, err := bilevel.Solve(context.Background(), m)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("tax %.4g, price %.4g, %s\n", res.Value(tax), res.Value(demand.Dual()), demand.Dual().Name())
	// Output: tax 4, price 6, demand.dual
}

// A problem with complementarity constraints and without followers.
func Example_complementarity() {
	m := bilevel.NewModel("mpec")
	x := m.Leader().Var("x", 0, 10)
	y := m.Leader().Var("y", 0, 10)
	m.Leader().Maximize(x.Plus(y.Times(2)))
	m.Leader().Complement("one", x, bilevel.Const(8).Minus(x).Minus(y))
	m.Leader().Complement("two", y, x.Plus(4).Minus(y))

	res, err := bilevel.Solve(context.Background(), m)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.4g %.4g %.4g\n", res.Objective, res.Value(x), res.Value(y))
	// Output: 14 2 6
}

func ExampleExplain() {
	m, err := modfile.ReadFiles("examples/two-roads/two-roads.mod")
	if err != nil {
		log.Fatal(err)
	}
	e, err := bilevel.Explain(m)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("the leader's problem is", e.Classification.Leader.Class)
	fmt.Println("the drivers' problem is", e.Classification.Followers[0].Class)
	fmt.Println(e.Plan)
	// Output:
	// the leader's problem is quadratic
	// the drivers' problem is linear
	// price-product+kkt-strong+probe -> branch
}

// A stage is the model after some passes; it can be printed, exported and solved.
func ExampleStage() {
	m, err := modfile.Read("example.mod", []byte(`
		var x >= 0, <= 3;
		lower f;
		var y >= 0;
		minimize g: y;
		subject to a: y >= x - 1;
		upper;
		maximize F: x - 3*y;`))
	if err != nil {
		log.Fatal(err)
	}
	stage, err := bilevel.Stage(context.Background(), m, "kkt")
	if err != nil {
		log.Fatal(err)
	}
	show(stage)
	// Output:
	// var x >= 0, <= 3;
	// var y >= 0;
	// var u_a >= 0;
	// maximize F: x - 3*y;
	// subject to a: -x + y >= -1;
	// subject to stat_y: -u_a >= -1;
	// subject to c_a: u_a >= 0 complements a.lslack >= 0;
	// subject to b_y: stat_y.lslack >= 0 complements y >= 0;
}

// Any point can be measured, wherever it comes from.
func ExampleCheck() {
	m, err := modfile.ReadFiles("examples/two-roads/two-roads.mod")
	if err != nil {
		log.Fatal(err)
	}
	for _, point := range [][]float64{{5, 100, 0}, {6, 100, 0}} { // toll, cars on the toll road, cars on the free one
		c, err := bilevel.Check(context.Background(), m, point)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%v: the drivers pay %.4g, and could pay %.4g\n", c.Verified, c.Followers[0].Objective, c.Followers[0].BestResponse)
	}
	// Output:
	// true: the drivers pay 700, and could pay 700
	// false: the drivers pay 800, and could pay 700
}

func ExampleResult_Dual() {
	m := bilevel.NewModel("duals")
	x := m.Leader().Var("x", 0, 2)
	f := m.Follower("f")
	y := f.Var("y", 0, bilevel.Inf)
	f.Maximize(y.Times(3))
	room := f.Constrain("room", y.Plus(x).LE(4))
	m.Leader().Minimize(y)

	res, err := bilevel.Solve(context.Background(), m)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.4g %.4g\n", res.Value(y), res.Dual(room))
	// Output: 2 3
}

// show prints a model in the text language.
func show(m *bilevel.Model) {
	if err := modfile.Print(os.Stdout, m); err != nil {
		log.Fatal(err)
	}
}
