package stationarity

import (
	"context"
	"fmt"
	"math"
	"testing"
)

// copies is a model of n copies of scholtes4, whose point 0 is B-stationary and not S-stationary, of which the last ones are bent: there the
// objective falls at rate 2 in one branch of the pair.
func copies(n, bent int) string {
	return fmt.Sprintf(`param n := %d; param bent := %d; var z{1..n, 1..2} >= 0; var w{1..n};
		minimize f: sum{i in 1..n} (z[i,1] + (if i > n - bent then -2 else 1)*z[i,2] - w[i]);
		subject to a{i in 1..n}: -4*z[i,1] + w[i] <= 0; b{i in 1..n}: -4*z[i,2] + w[i] <= 0;
		pair{i in 1..n}: 0 <= z[i,1] complements z[i,2] >= 0;`, n, bent)
}

// TestBlocks looks at problems that fall apart: the work grows with the number of parts, not with the number of their combinations.
func TestBlocks(t *testing.T) {
	const n = 25
	for _, c := range []struct {
		bent int
		b    Verdict
	}{{0, Yes}, {3, No}} {
		m := parse(t, copies(n, c.bent))
		x := make([]float64, m.NumVars())
		for _, solvers := range availableSolvers() {
			p, err := NewOfModel(m)
			if err != nil {
				t.Fatal(err)
			}
			p.solvers = solvers
			r, err := p.Classify(context.Background(), x, Options{NodeLimit: 50})
			if err != nil {
				t.Fatal(err)
			}
			if r.B != c.b || r.S != No || r.Message != "" {
				t.Errorf("%d bent, solvers %d: %v %s: %s", c.bent, solvers, r.Class, labels(r), r.Message)
			}
			checkReport(t, p, x, r)
			if c.b == Yes {
				checkGroups(t, r, n)
			}
			d, err := p.LPEC(context.Background(), x, LPECOptions{Radius: 0.5, Leaves: true})
			if err != nil {
				t.Fatal(err)
			}
			// By hand: with z1 = 0 in a bent copy, w <= 0, and z2 = 0.5 brings -1.
			if want := -float64(c.bent); math.Abs(d.Value-want) > 1e-7 || d.Bound < want-1e-4 || d.Nodes > 5*n {
				t.Errorf("%d bent, solvers %d: value %v, bound %v after %d linear programs", c.bent, solvers, d.Value, d.Bound, d.Nodes)
			}
			if (d.Stationary == Yes) != (c.b == Yes) {
				t.Errorf("%d bent: LPEC says %v", c.bent, d.Stationary)
			}
			checkBlockLeaves(t, d, n)
		}
	}
}

// checkGroups checks that the proofs of each group cover both branches of its pair.
func checkGroups(t *testing.T, r *Report, n int) {
	t.Helper()
	covered := map[int][2]bool{}
	for _, f := range r.Proofs {
		if len(f.Group) != 1 {
			t.Fatalf("a group of %d pairs", len(f.Group))
		}
		c := covered[f.Group[0]]
		if len(f.Branches) == 0 {
			c = [2]bool{true, true}
		} else {
			c[f.Branches[0]] = true
		}
		covered[f.Group[0]] = c
	}
	for k := range n {
		if covered[k] != [2]bool{true, true} {
			t.Errorf("pair %d: branches covered: %v", k, covered[k])
		}
	}
}

// checkBlockLeaves checks that the leaves of each block cover its pair, and that their bounds sum to that of the whole.
func checkBlockLeaves(t *testing.T, d *Direction, n int) {
	t.Helper()
	least, covered := map[int]float64{}, map[int]bool{}
	for _, f := range d.Leaves {
		if v, known := least[f.Block]; !known || f.Bound < v {
			least[f.Block] = f.Bound
		}
		for i, k := range f.Pairs {
			covered[2*k+int(f.Branches[i])] = true
		}
	}
	sum := 0.0
	for _, v := range least {
		sum += math.Min(v, 0)
	}
	if math.Abs(sum-d.Bound) > 1e-6 {
		t.Errorf("the leaves' bounds sum to %v, claimed is %v", sum, d.Bound)
	}
	if len(covered) != 2*n {
		t.Errorf("%d of %d branches are covered", len(covered), 2*n)
	}
}

// TestNodeLimit has pairs that are tied together by one constraint, so that they do not fall apart.
func TestNodeLimit(t *testing.T) {
	m := parse(t, copies(8, 0)+" tie: sum{i in 1..n} w[i] >= 0;")
	x := make([]float64, m.NumVars())
	r, err := OfModel(context.Background(), m, x, Options{NodeLimit: 5})
	if err != nil {
		t.Fatal(err)
	}
	if r.B != Undecided || r.Message == "" || r.W != Yes {
		t.Errorf("%v %s: %q", r.Class, labels(r), r.Message)
	}
	if r, err = OfModel(context.Background(), m, x, Options{}); err != nil || r.B != Yes || r.S != No {
		t.Errorf("%v %s, %v", r.Class, labels(r), err)
	}
	p, err := NewOfModel(m)
	if err != nil {
		t.Fatal(err)
	}
	d, err := p.LPEC(context.Background(), x, LPECOptions{NodeLimit: 5})
	if err != nil {
		t.Fatal(err)
	}
	if d.Stationary != Undecided || d.Message == "" || d.Bound > -1e-4 {
		t.Errorf("%v with the bound %v: %q", d.Stationary, d.Bound, d.Message)
	}
}
