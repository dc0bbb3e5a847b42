package reform_test

import (
	"flag"
	"path/filepath"
	"testing"

	"github.com/gobilevel/bilevel/reform"
	"github.com/gobilevel/bilevel/reform/reformtest"
)

var update = flag.Bool("update", false, "rewrite the golden files of testdata")

// TestGolden applies every pass to the models of its folder in testdata.
func TestGolden(t *testing.T) {
	for _, p := range []struct {
		dir  string
		pass reform.Pass
	}{
		{"kkt", reform.KKT{}},
		{"kkt-strong", reform.KKT{Inequality: true}},
		{"strong-duality", reform.StrongDuality{}},
		{"price-product", reform.PriceProduct{}},
		{"pessimistic", reform.Pessimistic{}},
		{"convexify", reform.Convexify{}},
		{"dual-product", reform.DualProduct{}},
		{"dualise", reform.Dualise{}},
		{"normalise", reform.Normalise{}},
		{"big-m", reform.BigM{}},
		{"sos1", reform.SOS1{}},
		{"indicator", reform.Indicator{}},
		{"binaries", reform.Binaries{}},
	} {
		t.Run(p.dir, func(t *testing.T) {
			reformtest.Golden(t, filepath.Join("testdata", p.dir), p.pass, *update)
		})
	}
}
