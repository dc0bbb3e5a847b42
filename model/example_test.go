package model_test

import (
	"fmt"
	"log"

	"github.com/gobilevel/bilevel/model"
)

// A model is built from players, variables, objectives and constraints. Mistakes collect, and Err tells them.
func Example() {
	m := model.New("bakery")
	price := m.Leader().Var("price", 0, 9)
	buyers := m.Follower("buyers")
	loaves := buyers.Var("loaves", 0, 40)
	buyers.Maximize(loaves.Times(6).Minus(price.Times(loaves)))
	m.Leader().Maximize(price.Minus(1).Times(loaves))
	if err := m.Err(); err != nil {
		log.Fatal(err)
	}
	x := []float64{5, 40}
	fmt.Println(m.NumVars(), "variables; the leader earns", m.ObjectiveValue(0, x), "and the buyers", m.ObjectiveValue(1, x))
	fmt.Println(m.Constructs())
	// Output:
	// 2 variables; the leader earns 160 and the buyers 40
	// followers, quadratic objective
}

// Each player is judged in its own variables, the others' being numbers.
func ExampleModel_Classify() {
	m := model.New("judged")
	x := m.Leader().Var("x", 0, 1)
	f := m.Follower("f")
	y := f.Var("y", 0, 1)
	f.Minimize(y.Times(y).Minus(x.Times(y)))
	m.Leader().Minimize(x.Times(y))
	c := m.Classify()
	fmt.Println("leader:", c.Leader.Class)
	fmt.Println("follower:", c.Followers[0].Class)
	// Output:
	// leader: quadratic
	// follower: convex quadratic
}
