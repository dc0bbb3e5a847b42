package model_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/model"
)

func TestBinaryBounds(t *testing.T) {
	for _, c := range []struct {
		lo, hi, wantLo, wantHi float64
		fails                  bool
		reason                 string
	}{
		{math.Inf(-1), math.Inf(1), 0, 1, false, "no bounds"},
		{-3, 0.5, 0, 0.5, false, "cut from below"},
		{1, 7, 1, 1, false, "fixed at 1"},
		{2, 3, 2, 3, true, "above 1"},
		{-2, -1, -2, -1, true, "below 0"},
	} {
		m := model.New("m")
		x := m.Leader().VarsBy("x", []string{`"a"`}, c.lo, c.hi)[0]
		m.SetVarKind(x.Index(), model.Binary)
		lo, hi := m.VarBounds(x.Index())
		if lo != c.wantLo || hi != c.wantHi || (m.VarKind(x.Index()) == model.Binary) == c.fails {
			t.Errorf("%s: %v in [%v, %v]", c.reason, m.VarKind(x.Index()), lo, hi)
		}
		err := m.Err()
		switch {
		case !c.fails && err != nil:
			t.Errorf("%s: %v", c.reason, err)
		case c.fails && (!errors.Is(err, model.ErrContradiction) || !strings.Contains(err.Error(), `x["a"]`)):
			t.Errorf("%s: the error is %v", c.reason, err)
		}
	}
}
