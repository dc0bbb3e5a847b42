package export_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gobilevel/bilevel/export"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/modfile"
)

var errorf = fmt.Errorf

func ampl(t *testing.T, m *model.Model) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := export.WriteAMPL(&b, m); err != nil {
		t.Fatalf("%s: %v", m.Name, err)
	}
	return b.Bytes()
}

func TestGoldenAMPL(t *testing.T) {
	for _, c := range []struct {
		m    *model.Model
		name string
	}{{plant(), "plant.ampl"}, {general(), "general.ampl"}, {curved(), "curved.ampl"}, {paired(), "paired.ampl"}, {chosen(), "chosen.ampl"}, {chain(), "chain.ampl"}} {
		check(t, c.name, ampl(t, c.m))
	}
}

// TestAMPLReadsBack reads what was written by the reader of the project's language, and compares at random points.
func TestAMPLReadsBack(t *testing.T) {
	models := []*model.Model{plant(), general(), curved(), paired(), trigonometry(), chosen(), chain()}
	for seed := range uint64(200) {
		models = append(models, random(seed))
	}
	for _, m := range models {
		text := ampl(t, m)
		back, err := modfile.Read(m.Name, text)
		if err != nil {
			t.Errorf("%s: %v\n%s", m.Name, err, text)
			continue
		}
		if err := sameProblem(m, back); err != nil {
			t.Errorf("%s: %v\n%s", m.Name, err, text)
		}
	}
}

// sameProblem compares a model with what came back under other names: variables by place, and the values of objective, constraints and
// pairs at random points.
func sameProblem(m, back *model.Model) error {
	if m.NumVars() != back.NumVars() || m.NumPairs() != back.NumPairs() {
		return errorf("%d variables and %d pairs, want %d and %d", back.NumVars(), back.NumPairs(), m.NumVars(), m.NumPairs())
	}
	for j := range m.NumVars() {
		alo, ahi := m.VarBounds(j)
		blo, bhi := back.VarBounds(j)
		a, b := m.VarStart(j), back.VarStart(j)
		if alo != blo || ahi != bhi || m.VarKind(j) != back.VarKind(j) || a != b && !(math.IsNaN(a) && math.IsNaN(b)) {
			return errorf("%s: %v [%g, %g] start %g, want %v [%g, %g] start %g", m.VarName(j), back.VarKind(j), blo, bhi, b, m.VarKind(j), alo, ahi, a)
		}
	}
	if m.Leader().Objective().Sense != back.Leader().Objective().Sense {
		return errorf("another sense")
	}
	if a, b := m.SOS1Sets(), back.SOS1Sets(); len(a) != len(b) {
		return errorf("%d SOS1 sets, want %d", len(b), len(a))
	} else {
		for k := range a {
			if fmt.Sprint(a[k].Vars, a[k].Weights) != fmt.Sprint(b[k].Vars, b[k].Weights) {
				return errorf("SOS1 set %d: %v, want %v", k, b[k], a[k])
			}
		}
	}
	if a, b := m.Indicators(), back.Indicators(); len(a) != len(b) {
		return errorf("%d conditions, want %d", len(b), len(a))
	}
	rng := rand.New(rand.NewPCG(9, 9))
	x := make([]float64, m.NumVars())
	for range 5 {
		for j := range x {
			lo, hi := m.VarBounds(j)
			lo, hi = max(lo, -2), min(hi, 3)
			x[j] = lo + (hi-lo)*rng.Float64()
		}
		if a, b := m.ObjectiveValue(0, x), back.ObjectiveValue(0, x); !near(a, b) {
			return errorf("objective %g, want %g", b, a)
		}
		a, b := 0.0, 0.0
		for r := range m.NumRows() {
			if !pairSaysAll(m, r) {
				a += m.RowViolation(r, x)
			}
		}
		for r := range back.NumRows() {
			if !back.IsPairRow(r) {
				b += back.RowViolation(r, x)
			}
		}
		if !near(a, b) {
			return errorf("violations %g, want %g", b, a)
		}
		for k := range m.NumPairs() {
			if a, b := m.PairViolation(k, x), back.PairViolation(k, x); !near(a, b) {
				return errorf("pair %s: %g, want %g", m.PairName(k), b, a)
			}
		}
	}
	return nil
}

func near(a, b float64) bool {
	return a == b || math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= 1e-9*max(1, math.Abs(a), math.Abs(b))
}

func TestRefusedAMPL(t *testing.T) {
	twice := chosen()
	twice.AddSOS1(model.SOS1{Name: "two", Vars: []int32{2, 3}})
	for _, c := range []struct {
		name, want string
		m          *model.Model
	}{
		{"follower", "the AMPL format cannot hold this model: follower drivers: a follower's problem; apply kkt first (--after kkt), or write .mod, which has followers", twoRoads()},
		{"two sets", "the AMPL format cannot hold this model: two: x[2] is in the set one, too: AMPL has one number of a set for a variable; choose another stage (big-m instead of sos1), or write .mod", twice},
	} {
		err := export.WriteAMPL(io.Discard, c.m)
		var refused *export.NotWritableError
		if !errors.As(err, &refused) || err.Error() != c.want {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
	if err := export.WriteAMPL(&full{100}, plant()); !errors.Is(err, errFull) {
		t.Errorf("a writer that fails: %v", err)
	}
}
