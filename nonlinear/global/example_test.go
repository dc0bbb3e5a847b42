package global_test

import (
	"context"
	"fmt"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/nonlinear/global"
)

// The least value of a function with several wells outside of a disc, and the proof that nothing is below.
func Example() {
	m := model.New("wells")
	x := m.Leader().Vars("x", 2, -3, 3)
	m.Leader().Minimize(x[0].Pow(4).Minus(x[0].Pow(2).Times(2)).Plus(x[0].Times(0.5)).Plus(x[1].Minus(x[0]).Pow(2)))
	m.Leader().Constrain("ring", x[0].Pow(2).Plus(x[1].Pow(2)).GE(3))
	a, err := global.Minimise(context.Background(), m, global.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%v: %.4f at (%.4f, %.4f), no point is below %.4f\n", a.Status, a.Value, a.X[0], a.X[1], a.Bound)
	// Is any point better than -1.3?
	a, err = global.Minimise(context.Background(), m, global.Options{Target: &global.Target{Value: -1.3}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(a.Status)
	// Output:
	// optimal: -1.4551 at (-1.1259, -1.3162), no point is below -1.4551
	// better than the target
}
