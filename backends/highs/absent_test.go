//go:build nohighs || !cgo

package highs

import (
	"context"
	"errors"
	"testing"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
)

func TestWithoutTheLibraryEverythingSaysHowToGetIt(t *testing.T) {
	a := &Arrays{Cost: []float64{1}, ColLower: []float64{0}, ColUpper: []float64{1}}
	m := model.New("absent")
	m.Leader().Minimize(m.Leader().Var("x", 0, 1))
	_, err1 := NewLP(a, LPOptions{})
	_, err2 := Solve(context.Background(), a, SolveOptions{}, nil)
	_, err3 := New().Solve(context.Background(), m, backends.Options{}, nil)
	_, err4 := backends.Open("highs")
	_, err5 := FindIIS(context.Background(), &Arrays{Cost: []float64{1}, ColLower: []float64{0}, ColUpper: []float64{1}})
	for i, err := range []error{err1, err2, err3, err4, err5} {
		var e *backends.UnknownError
		if !errors.As(err, &e) || e.Name != "highs" || e.Reason == "" {
			t.Errorf("call %d: %v", i+1, err)
		}
	}
	if v := New().Version(); v != "" {
		t.Errorf("version %q without a library", v)
	}
	if missing := backends.Missing(); len(missing) != 1 || missing[0].Name != "highs" {
		t.Errorf("missing: %v", missing)
	}
}
