package bilevel_test

import (
	"context"
	"math"
	"path/filepath"
	"testing"
	"time"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/model/modfile"
)

// TestBolibConvex solves every problem of the collection whose follower is convex by the automatic plan from the start of the collection, and
// compares with the best known value.
func TestBolibConvex(t *testing.T) {
	dir, list := readBolib(t)
	tried, reached := 0, 0
	for _, p := range list {
		if !p.convex {
			continue
		}
		tried++
		m, err := modfile.ReadFiles(filepath.Join(dir, p.name+".mod"))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		r, err := bilevel.Solve(ctx, m, bilevel.Options{Multistart: 20})
		cancel()
		if err != nil {
			t.Logf("MISS %s: %v", p.name, err)
			continue
		}
		sign := m.Leader().Objective().Sense.Sign()
		ok := r.Certificate != nil && r.Certificate.Verified && (math.IsNaN(p.known) || sign*(r.Objective-p.known) <= 1e-2*math.Max(1, math.Abs(p.known)))
		if math.IsNaN(p.known) && (r.Proof == bilevel.ProofUnbounded || r.Proof == bilevel.ProofInfeasible) {
			ok = true
		}
		word := "ok  "
		if ok {
			reached++
		} else {
			word = "MISS"
		}
		t.Logf("%s %-28s %-9v %v %v value %.8g known %.8g  %v -> %v  %.3f s %v", word, p.name, r.Status, r.Proof, r.Stationarity, r.Objective, p.known, r.Plan, r.Backend, r.Seconds, r.Notes)
	}
	t.Logf("%d of %d", reached, tried)
	// Left out of what is asked for: DesignCentringP1 to P4, which a busy machine may not end in ten seconds, and LuDebSinha2016c, whose leader's objective has
	// a cusp of infinite slope that a search by derivatives finds by luck.
	if reached < tried-5 {
		t.Errorf("only %d of %d problems with convex followers end at the best known value", reached, tried)
	}
}
