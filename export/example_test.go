package export_test

import (
	"fmt"
	"log"
	"os"

	"github.com/gobilevel/bilevel/export"
	"github.com/gobilevel/bilevel/model"
)

func bakery() *model.Model {
	m := model.New("bakery")
	bread := m.Leader().Var("bread", 0, 40)
	cake := m.Leader().Var("cake", 0, model.Inf)
	m.Leader().Maximize(bread.Times(3).Plus(cake.Times(8)))
	m.Leader().Constrain("flour", bread.Times(2).Plus(cake.Times(5)).LE(100))
	return m
}

func ExampleWriteLP() {
	if err := export.WriteLP(os.Stdout, bakery()); err != nil {
		log.Fatal(err)
	}
	// Output:
	// \ Model bakery
	// Maximize
	//  obj: 3 bread + 8 cake
	// Subject To
	//  flour: 2 bread + 5 cake <= 100
	// Bounds
	//  0 <= bread <= 40
	// End
}

func ExampleWriteMPS() {
	if err := export.WriteMPS(os.Stdout, bakery()); err != nil {
		log.Fatal(err)
	}
	// Output:
	// * Model bakery
	// NAME bakery FREE
	// OBJSENSE
	//     MAX
	// ROWS
	//  N obj
	//  L flour
	// COLUMNS
	//     bread obj 3 flour 2
	//     cake obj 8 flour 5
	// RHS
	//     RHS flour 100
	// BOUNDS
	//  UP BND bread 40
	// ENDATA
}

func ExampleWriteMarkdown() {
	if err := export.WriteMarkdown(os.Stdout, bakery()); err != nil {
		log.Fatal(err)
	}
	// Output:
	// # Model bakery
	//
	// ## Problem
	//
	// $$
	// \begin{aligned}
	// & \max_{\mathit{bread}, \mathit{cake}}\quad 3 \, \mathit{bread} + 8 \, \mathit{cake} \\
	// & 2 \, \mathit{bread} + 5 \, \mathit{cake} \le 100 && && \text{(flour)} \\
	// & 0 \le \mathit{bread} \le 40 \\
	// & \mathit{cake} \ge 0
	// \end{aligned}
	// $$
}

// A format of one player refuses a follower, and says what to do.
func ExampleNotWritableError() {
	m := bakery()
	m.Follower("baker")
	fmt.Println(export.WriteLP(os.Stdout, m))
	// Output:
	// the LP format cannot hold this model: follower baker: a follower's problem; export a later stage (--after kkt+big-m), or write .mod
}
