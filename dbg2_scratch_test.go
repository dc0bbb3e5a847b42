package bilevel_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/export"
	"github.com/gobilevel/bilevel/reform/reformtest"
)

func TestDbg2(t *testing.T) {
	in := &reformtest.Instance{}
	if err := json.Unmarshal([]byte(os.Getenv("INST")), in); err != nil { t.Fatal(err) }
	m, err := bilevel.Stage(context.Background(), in.Model(), os.Getenv("STAGE"), bilevel.Options{})
	if err != nil { t.Fatal(err) }
	_ = export.WriteLP(os.Stdout, m)
	for _, n := range []string{"highs", "branch"} {
		b, _ := backends.Open(n)
		r, err := b.Solve(context.Background(), m, backends.Options{Threads: 1}, nil)
		if err != nil { fmt.Println(n, err); continue }
		fmt.Println(n, r.Status, r.Proof, r.Objective, r.Message)
		if r.Point != nil { for j, v := range r.Point.X { fmt.Print(m.VarName(j), "=", v, " ") }; fmt.Println() }
	}
}
