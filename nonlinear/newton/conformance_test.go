package newton_test

import (
	"testing"

	"github.com/gobilevel/bilevel/backends/backendtest"
	"github.com/gobilevel/bilevel/nonlinear/newton"
)

func TestConformance(t *testing.T) {
	backendtest.RunSmooth(t, &newton.Solver{}, backendtest.SmoothConfig{UnknownOption: "no_such_option"})
}
