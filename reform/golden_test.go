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
		{"kkt-stationary", reform.KKT{Stationary: true}},
		{"fritz-john", reform.FritzJohn{}},
		{"strong-duality", reform.StrongDuality{}},
		{"price-product", reform.PriceProduct{}},
		{"pessimistic", reform.Pessimistic{}},
		{"convexify", reform.Convexify{}},
		{"dual-product", reform.DualProduct{}},
		{"dualise", reform.Dualise{}},
		{"epigraph", reform.Epigraph{}},
		{"smooth", reform.Smooth{}},
		{"tikhonov", reform.Tikhonov{}},
		{"normalise", reform.Normalise{}},
		{"big-m", reform.BigM{}},
		{"sos1", reform.SOS1{}},
		{"indicator", reform.Indicator{}},
		{"binaries", reform.Binaries{}},
		{"relax-scholtes", reform.Relax{}},
		{"relax-lin-fukushima", reform.Relax{Kind: reform.LinFukushima}},
		{"relax-kadrani", reform.Relax{Kind: reform.Kadrani}},
		{"relax-steffensen-ulbrich", reform.Relax{Kind: reform.SteffensenUlbrich}},
		{"relax-kanzow-schwartz", reform.Relax{Kind: reform.KanzowSchwartz}},
		{"ncp-smoothed", reform.NCP{}},
		{"ncp-fischer-burmeister", reform.NCP{Kind: reform.FischerBurmeister}},
		{"ncp-min", reform.NCP{Kind: reform.MinFunction}},
		{"ncp-penalised", reform.NCP{Kind: reform.PenalisedFB}},
		{"ncp-chks", reform.NCP{Kind: reform.CHKS}},
		{"product", reform.Product{}},
		{"penalty", reform.Penalty{}},
		{"value-function", reform.ValueFunction{}},
		{"value-function-penalty", reform.ValueFunction{Lambda: 10}},
	} {
		t.Run(p.dir, func(t *testing.T) {
			reformtest.Golden(t, filepath.Join("testdata", p.dir), p.pass, *update)
		})
	}
}
