package builtin_test

import (
	"testing"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/backends/backendtest"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/nonlinear/builtin"
)

func TestConformance(t *testing.T) {
	backendtest.Run(t, builtin.New(), backendtest.Config{AbsTol: 1e-6, PointTol: 2e-4, Proves: model.ProofLocal, Convex: model.ProofGlobal})
}

func TestRegistered(t *testing.T) {
	s, err := backends.OpenSmooth("builtin")
	if err != nil || s == nil || s.Name() != "builtin" {
		t.Errorf("solver %v, error %v", s, err)
	}
}
