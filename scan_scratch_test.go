package bilevel_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/reform/reformtest"
)

func TestScan(t *testing.T) {
	n, first := fromEnv(countVar, propertyCases), fromEnv(seedVar, 1)
	for seed := first; seed < first+n; seed++ {
		in, traits := reformtest.Random(uint64(seed))
		want, err := in.Solve()
		if err != nil {
			continue
		}
		for _, w := range ways {
			s := time.Now()
			v, err := attempt(in, want, w.opt, w.assumes)
			if d := time.Since(s); d > time.Second {
				fmt.Printf("SLOW seed %d %s %v %s\n", seed, w.name, d, v)
			}
			if err != nil {
				e := err.Error()
				if len(e) > 330 { e = e[:330] }
				fmt.Printf("FAIL seed %d (%v) %s: %s\n", seed, traits, w.name, e)
			}
		}
	}
}
