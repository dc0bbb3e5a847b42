package ipopt_test

import (
	"testing"

	"github.com/gobilevel/bilevel/backends/backendtest"
	"github.com/gobilevel/bilevel/backends/ipopt"
	"github.com/gobilevel/bilevel/model"
)

func TestConformance(t *testing.T) {
	needLibrary(t)
	backendtest.Run(t, ipopt.New(), backendtest.Config{AbsTol: 1e-6, PointTol: 2e-4, Proves: model.ProofLocal, Convex: model.ProofGlobal})
}

// needLibrary skips a test where Ipopt is not on the machine.
func needLibrary(t *testing.T) {
	t.Helper()
	if ipopt.New().Version() == "" {
		t.Skip("Ipopt is not on this machine")
	}
}

func TestSmoothConformance(t *testing.T) {
	needLibrary(t)
	backendtest.RunSmooth(t, ipopt.NewSolver(), backendtest.SmoothConfig{UnknownOption: "no_such_option_anywhere"})
}
