package bilevel_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/reform/reformtest"
)

func TestDbg(t *testing.T) {
	in := &reformtest.Instance{}
	if err := json.Unmarshal([]byte(os.Getenv("INST")), in); err != nil { t.Fatal(err) }
	fmt.Print(in)
	w, err := in.Solve()
	fmt.Println(w, err)
	for _, x := range ways {
		r, err := bilevel.Solve(context.Background(), in.Model(), x.opt)
		if err != nil { fmt.Println(x.name, err); continue }
		fmt.Println(x.name, r.Status, r.Proof, r.Objective, r.Plan, r.Backend, r.Notes, r.Assumptions)
		if r.Point != nil { fmt.Println("   ", r.Point.X, r.Certificate.Verified, r.Certificate.Reasons) }
	}
}
