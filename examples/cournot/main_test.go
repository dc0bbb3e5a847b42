package main

import (
	"bytes"
	"context"
	"math"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/examples/exampletest"
	"github.com/gobilevel/bilevel/verify"
)

func TestTextIsProgram(t *testing.T) {
	exampletest.Same(t, exampletest.Read(t, "cournot.mod"), build(example).Model)
}

// The profits for the limit 150 are those of Outrata, Kočvara and Zowe (1998), to the digits printed there; the others are computed here.
var leads = []struct {
	elasticity, limit float64
	published         float64 // profit, 0 where none is known
	quantity          float64 // to two digits; published for the first
	reason            string
}{
	{1, 150, 343.35, 55.55, "as in the text"},
	{1.1, 150, 203.15, 42.54, "the elasticity of Murphy, Sherali and Soyster"},
	{1.3, 150, 68.13, 24.15, ""},
	{1.5, 150, 19.15, 12.37, ""},
	{1.7, 150, 3.16, 4.75, "almost nothing is left to lead with"},
	{1, 50, 0, 50, "the leader and two followers at the limit"},
	{1.1, 40, 0, 39.79, "all followers but one at the limit"},
	{1.3, 30, 0, 24.26, "three followers at the limit"},
	{1, 20, 0, 20, "all at the limit"},
	{1.5, 20, 0, 15.22, "only the leader within the limit"},
	{1.7, 20, 0, 6.00, "two followers at the limit"},
}

func TestLead(t *testing.T) {
	for k, c := range leads {
		if testing.Short() && k%3 > 0 {
			continue
		}
		mk := example.with(c.elasticity, c.limit)
		quantity, profit, others := newScan(mk).best()
		// The publication cuts the third digit off rather than rounding it.
		if c.published > 0 && !(math.Abs(profit-c.published) < 0.01) {
			t.Errorf("elasticity %g: the scan finds %.4f, published is %g", c.elasticity, profit, c.published)
		}
		if math.Abs(quantity-c.quantity) > 1e-2 {
			t.Errorf("elasticity %g, limit %g: the scan finds %.4f, want %g", c.elasticity, c.limit, quantity, c.quantity)
		}
		g := build(mk)
		r := exampletest.Local(t, g.Model, profit, 1e-6, "S")
		for k, q := range append([]float64{quantity}, others...) {
			if v := r.Value(g.quantity[k]); !(math.Abs(v-q) < 1e-3) {
				t.Errorf("elasticity %g, limit %g: %s = %.5f, want %.5f", c.elasticity, c.limit, names[k], v, q)
			}
		}
		if r.Certificate.Evidence != verify.EvidenceProof {
			t.Errorf("elasticity %g, limit %g: the followers' answers rest on %v", c.elasticity, c.limit, r.Certificate.Evidence)
		}
	}
}

// Without a leader: the equilibrium that Murphy, Sherali and Soyster (1982) found for the elasticity 1.1, to the digits published.
func TestTogether(t *testing.T) {
	published := []float64{36.93, 41.82, 43.71, 42.66, 39.18}
	mk := example.with(1.1, 150)
	s := newScan(mk)
	sum := func(total float64) float64 { _, v := s.replies(mk.firms, total); return total - v }
	scanned, _ := s.replies(mk.firms, root(sum, 0, 1e-3, 750))
	g := together(mk)
	r := exampletest.Local(t, g.Model, 0, 1e-9, "S")
	for k, want := range published {
		if q := r.Value(g.quantity[k]); !(math.Abs(q-want) < 0.005) || !(math.Abs(q-scanned[k]) < 1e-4) {
			t.Errorf("company %d brings %.5f, published is %g, the bisection finds %.5f", k+1, q, want, scanned[k])
		}
	}
}

// The problems gnash10m to gnash19m of MacMPEC leave the exponent 1/β of the followers' marginal cost out. So does this scan, and finds what that
// collection lists as the best known values.
func TestCollection(t *testing.T) {
	for _, c := range []struct{ elasticity, limit, listed float64 }{
		{1, 150, 230.823}, {1.1, 150, 129.912}, {1.3, 150, 36.9331}, {1.5, 150, 7.06178}, {1.7, 150, 0.179046},
		{1, 50, 354.699}, {1.1, 40, 241.442}, {1.3, 30, 90.7491}, {1.5, 25, 25.6982}, {1.7, 20, 6.11671},
	} {
		s := newScan(example.with(c.elasticity, c.limit))
		s.marginal = func(f firm, q float64) float64 { return f.cost + math.Pow(f.size, -1/f.bend)*q }
		if _, profit, _ := s.best(); math.Abs(profit-c.listed) > 1e-5*c.listed {
			t.Errorf("elasticity %g, limit %g: %.6g, listed is %g", c.elasticity, c.limit, profit, c.listed)
		}
	}
}

func TestRun(t *testing.T) {
	if testing.Short() {
		t.Skip("solves five markets once more")
	}
	var out bytes.Buffer
	if err := run(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	if want := "         1.1  42.538  41.077  43.116  42.195  38.824  203.155\n"; !strings.Contains(out.String(), want) {
		t.Errorf("no %q in\n%s", want, out.String())
	}
}
