package backendtest

import (
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/model"
)

var inf = math.Inf(1)

// form is a small problem written out: min or max cost'x + the quadratic terms + offset over rows and bounds.
type form struct {
	maximize bool
	offset   float64
	cost     []float64
	quad     []model.QuadTerm // Coef x_I x_J, I <= J, sorted
	lo, hi   []float64        // nil: 0 and none
	kind     []model.Kind     // nil: continuous
	rows     []row
	sos      [][]int32
	when     []when
}

// row is lo <= coef'x <= hi.
type row struct {
	coef   []float64
	lo, hi float64
}

// when makes a row hold only where a binary variable has a value.
type when struct {
	row, binary int
	value       bool
}

// model builds the model. Building is by the calls that passes use, so that what the table says is what the backend gets.
func (f form) model() *model.Model {
	m := model.New("conformance")
	for j := range f.cost {
		lo, hi, kind := 0.0, inf, model.Continuous
		if f.lo != nil {
			lo = f.lo[j]
		}
		if f.hi != nil {
			hi = f.hi[j]
		}
		if f.kind != nil {
			kind = f.kind[j]
		}
		m.AddVars(0, fmt.Sprintf("x%d", j), nil, 1, kind, lo, hi)
	}
	for i, r := range f.rows {
		m.AddRow(0, fmt.Sprintf("r%d", i), affine(r.coef), r.lo, r.hi)
	}
	o := model.Objective{F: affine(f.cost)}
	o.F.Const, o.F.Quad = f.offset, f.quad
	if f.maximize {
		o.Sense = model.Maximize
	}
	m.Leader().SetObjective(o)
	for k, vars := range f.sos {
		weights := make([]float64, len(vars))
		for i := range weights {
			weights[i] = float64(i + 1)
		}
		m.AddSOS1(model.SOS1{Name: fmt.Sprintf("s%d", k), Vars: vars, Weights: weights})
	}
	for _, w := range f.when {
		m.AddIndicator(model.Indicator{Row: w.row, Binary: w.binary, When: w.value})
	}
	return m
}

func affine(coef []float64) model.Function {
	var f model.Function
	for j, c := range coef {
		if c != 0 {
			f.Vars, f.Coefs = append(f.Vars, int32(j)), append(f.Coefs, c)
		}
	}
	return f
}

// le, ge, eq and between are rows.
func le(hi float64, coef ...float64) row          { return row{coef, -inf, hi} }
func ge(lo float64, coef ...float64) row          { return row{coef, lo, inf} }
func eq(v float64, coef ...float64) row           { return row{coef, v, v} }
func between(lo, hi float64, c ...float64) row    { return row{c, lo, hi} }
func nums(v ...float64) []float64                 { return v }
func integers(n int) []model.Kind                 { return kinds(n, model.Integer) }
func binaries(n int) []model.Kind                 { return kinds(n, model.Binary) }
func square(i int32, coef float64) model.QuadTerm { return model.QuadTerm{I: i, J: i, Coef: coef} }

func kinds(n int, k model.Kind) []model.Kind {
	out := make([]model.Kind, n)
	for i := range out {
		out[i] = k
	}
	return out
}

func product(i, j int32, coef float64) model.QuadTerm { return model.QuadTerm{I: i, J: j, Coef: coef} }
