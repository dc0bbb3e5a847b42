package bilevel_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/reform/reformtest"
)

func TestDbg3(t *testing.T) {
	seed, _ := strconv.Atoi(os.Getenv("SEED"))
	in, tr := reformtest.Random(uint64(seed))
	fmt.Print(in, tr, "\n")
	w, err := in.Solve()
	fmt.Println(w, err)
	for _, x := range ways {
		ctx, c := context.WithTimeout(context.Background(), 3*time.Second)
		defer c()
		s := time.Now()
		var last string
		x.opt.Events = func(e bilevel.Event) { last = fmt.Sprint(e) }
		r, err := bilevel.Solve(ctx, in.Model(), x.opt)
		if err != nil { fmt.Println(x.name, err); continue }
		fmt.Println(x.name, r.Status, r.Proof, r.Objective, r.Bound, r.Nodes, r.Plan, r.Backend, r.Notes, r.Assumptions, time.Since(s))
		if r.Point != nil { fmt.Println("   ", r.Point.X, r.Certificate.Verified, r.Certificate.Reasons) }
		_ = last
	}
}
