//go:build cgo && !nohighs

package highs_test

import (
	"testing"

	"github.com/gobilevel/bilevel/backends/backendtest"
	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/model"
)

func TestConformance(t *testing.T) {
	backendtest.Run(t, highs.New(), backendtest.Config{AbsTol: 1e-8, Proves: model.ProofGlobal})
}
