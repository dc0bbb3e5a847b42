package lpsolve_test

import (
	"testing"

	"github.com/gobilevel/bilevel/backends/backendtest"
	"github.com/gobilevel/bilevel/backends/lpsolve"
	"github.com/gobilevel/bilevel/model"
)

func TestConformance(t *testing.T) {
	needLibrary(t)
	backendtest.Run(t, lpsolve.New(), backendtest.Config{AbsTol: 1e-8, Proves: model.ProofGlobal})
}

// needLibrary skips a test where lp_solve is not on the machine.
func needLibrary(t *testing.T) {
	t.Helper()
	if lpsolve.New().Version() == "" {
		t.Skip("lp_solve is not on this machine")
	}
}
