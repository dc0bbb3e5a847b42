//go:build noipopt || !cgo || !(linux || darwin || freebsd)

package ipopt_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/backends/ipopt"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
)

func TestWithoutTheLibraryEverythingSaysHowToGetIt(t *testing.T) {
	m := model.New("absent")
	m.Leader().Minimize(m.Leader().Var("x", 0, 1))
	_, err1 := ipopt.New().Solve(context.Background(), m, backends.Options{}, nil)
	_, err2 := ipopt.NewSolver().Solve(context.Background(), parabola(1), smooth.Start{}, smooth.Options{})
	_, err3 := backends.Open("ipopt")
	_, err4 := backends.OpenSmooth("ipopt")
	for i, err := range []error{err1, err2, err3, err4} {
		var e *backends.UnknownError
		if !errors.As(err, &e) || e.Name != "ipopt" || !strings.Contains(e.Reason, "coinor-libipopt") {
			t.Errorf("call %d: %v", i+1, err)
		}
	}
	if v := ipopt.New().Version(); v != "" {
		t.Errorf("version %q without a library", v)
	}
	if missing := backends.Missing(); len(missing) != 1 || missing[0].Name != "ipopt" {
		t.Errorf("missing: %v", missing)
	}
}
