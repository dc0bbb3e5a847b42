package regions_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/bench/family"
	"github.com/gobilevel/bilevel/reform"
	"github.com/gobilevel/bilevel/regions"
	"os"
)

func TestSVR(t *testing.T) {
	limit := 300
	fmt.Sscanf(os.Getenv("LIMIT"), "%d", &limit)
	sizes := [][2]int{{1, 10}, {2, 10}, {5, 10}}
	if os.Getenv("BIG") != "" {
		var d, n int
		fmt.Sscanf(os.Getenv("BIG"), "%d,%d", &d, &n)
		sizes = [][2]int{{d, n}}
	}
	for _, sz := range sizes {
		m := family.SVR(sz[0], sz[1], 1234)
		r, err := reform.KKT{}.Apply(context.Background(), m)
		if err != nil {
			t.Fatal(err)
		}
		p, err := regions.New(m, r.Model)
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		ctx, cancel := context.WithTimeout(context.Background(), time.Duration(limit)*time.Second)
		res, err := p.Solve(ctx, regions.Options{})
		cancel()
		if err != nil {
			t.Fatal(err)
		}
		fmt.Printf("%v det %v: %v %v %v bound %v why %q %+v in %v\n", sz, p.Determined(), res.Status, res.Proof, res.Objective, res.Bound, res.Why, res.Statistics, time.Since(began))
	}
}
