package export_test

import (
	"bytes"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/export"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
)

// twoRoads is a bilevel problem with a follower that minimises and one that maximises, names that differ in case only, and a name that
// GAMS and AMPL do not have.
func twoRoads() *model.Model {
	m := model.New("two roads")
	toll := m.Leader().Var("t", 0, 10).Start(3)
	drivers := m.Follower("drivers")
	x := drivers.VarsBy("x", []string{`"toll"`, `"free"`}, 0, model.Inf)
	drivers.Minimize(model.Sum(x[0].Times(2), x[0].Times(toll), x[1].Times(7)))
	drivers.Constrain("trips", model.Sum(x...).Eq(100))
	shop := m.Follower("shop").Nash()
	price := shop.Var("T", 0, 5)
	shop.Maximize(price.Minus(price.Times(price)).Minus(price.Times(toll)))
	shop.Constrain("sum", price.Plus(toll).Between(-1, 12))
	m.Leader().Maximize(toll.Times(x[0]).Plus(price))
	m.Leader().Constrain("cap", toll.Plus(price).LE(11))
	return m
}

// chosen has an SOS1 set with names that are too long, collide, or are keywords of a language.
func chosen() *model.Model {
	m := model.New("chosen")
	l := m.Leader()
	x := l.Vars("x", 3, -1, 4)
	l.Var("x_1", 0, 1)
	l.Var("sum", 0, 1)
	l.Var("größe", 0, 1)
	l.Var(strings.Repeat("long", 20), 0, 1)
	l.Var(strings.Repeat("long", 20)+"er", 0, 1)
	l.Maximize(model.Sum(x...))
	l.Constrain("solve", model.Sum(x...).LE(5))
	m.AddSOS1(model.SOS1{Name: "one", Vars: []int32{0, 1, 2}, Weights: []float64{1, 2, 4}})
	return m
}

func gams(t *testing.T, m *model.Model) string {
	t.Helper()
	var b bytes.Buffer
	if err := export.WriteGAMS(&b, m); err != nil {
		t.Fatalf("%s: %v", m.Name, err)
	}
	return b.String()
}

func TestGoldenGAMS(t *testing.T) {
	for _, c := range []struct {
		m    *model.Model
		name string
	}{{plant(), "plant.gms"}, {trigonometry(), "functions.gms"}, {paired(), "paired.gms"}, {twoRoads(), "roads.gms"}, {chosen(), "chosen.gms"}, {chain(), "chain.gms"}} {
		check(t, c.name, []byte(gams(t, c.m)))
	}
}

// trigonometry has each operation that GAMS has a way to write.
func trigonometry() *model.Model {
	m := model.New("functions")
	l := m.Leader()
	x, y := l.Var("x", 0.1, 0.9), l.Var("y", 0.2, 3)
	d := m.DAG()
	a, b := d.Var(x.Index()), d.Var(y.Index())
	add := func(name string, n expr.Node) { m.AddRow(0, name, model.Function{Nonlinear: n}, -model.Inf, 9) }
	for op := expr.OpAbs; op <= expr.OpNot; op++ {
		switch {
		case op == expr.OpPrecision:
		case op == expr.OpAcosh:
			add(op.String(), d.Unary(op, d.Add(a, d.Const(1.5))))
		case op.IsUnary():
			add(op.String(), d.Unary(op, d.Sub(a, d.Scale(0.125, b))))
		case op.IsBinary():
			add(op.String(), d.Binary(op, d.Mul(a, b), d.Linear(-0.25, []float64{1, 0.5}, []expr.Node{a, b})))
		}
	}
	add("if", d.If(d.Binary(expr.OpLT, a, b), d.Min(a, b, d.Const(-2)), d.Max(a, b)))
	add("powers", d.Product(d.Pow(d.Add(a, b), d.Const(3)), d.Pow(b, d.Const(-2)), d.Pow(a, d.Const(0.3)), d.Pow(d.Const(2), d.Neg(b))))
	add("quotients", d.Div(d.Div(a, d.Add(a, b)), d.Mul(a, d.Div(b, d.Sub(a, d.Const(7))))))
	add("signs", d.Linear(-1, []float64{-1, 2}, []expr.Node{d.Mul(a, d.Unary(expr.OpExp, d.Neg(b))), d.Unary(expr.OpExp, d.Linear(0, []float64{-1, -3}, []expr.Node{a, b}))}))
	l.Minimize(model.Exp(x.Minus(y)))
	return m
}

// TestGAMSSaysTheSame evaluates what was written at random points and compares with the model.
func TestGAMSSaysTheSame(t *testing.T) {
	models := []*model.Model{plant(), trigonometry(), paired(), twoRoads(), chosen(), chain()}
	for seed := range uint64(100) {
		models = append(models, random(seed))
	}
	for _, m := range models {
		text := gams(t, m)
		p, err := parseGAMS(text)
		if err != nil {
			t.Errorf("%s: %v\n%s", m.Name, err, text)
			continue
		}
		if err := compareGAMS(m, p); err != nil {
			t.Errorf("%s: %v\n%s", m.Name, err, text)
		}
	}
}

func compareGAMS(m *model.Model, p *gamsProgram) error {
	names := gamsNames(m, p)
	for j, name := range names {
		lo, hi := m.VarBounds(j)
		glo, ghi := math.Inf(-1), math.Inf(1)
		switch p.kind[strings.ToLower(name)] {
		case "Positive":
			glo = 0
		case "Integer":
			glo, ghi = 0, 100
		case "Binary":
			glo, ghi = 0, 1
		}
		if v, ok := p.lo[name]; ok {
			glo = v
		}
		if v, ok := p.up[name]; ok {
			ghi = v
		}
		if lo != glo || hi != ghi {
			return errorf("bounds of %s: %g..%g, want %g..%g", name, glo, ghi, lo, hi)
		}
		if s := m.VarStart(j); lo < hi && !math.IsNaN(s) && p.l[name] != s {
			return errorf("start of %s: %g", name, p.l[name])
		}
	}
	rng := rand.New(rand.NewPCG(5, 5))
	for range 5 {
		x := make([]float64, m.NumVars())
		vars := map[string]float64{}
		for j := range x {
			lo, hi := m.VarBounds(j)
			lo, hi = max(lo, -2), min(hi, 3)
			x[j] = lo + (hi-lo)*rng.Float64()
			vars[names[j]] = x[j]
		}
		if err := compareGAMSAt(m, p, x, vars); err != nil {
			return err
		}
	}
	return nil
}

// gamsNames finds the names of the variables: in the order of the model within each kind.
func gamsNames(m *model.Model, p *gamsProgram) []string {
	names := make([]string, m.NumVars())
	for j := range names {
		names[j] = m.VarName(j)
	}
	id := strings.NewReplacer("[", "_", "]", "", ",", "_", `"`, "", "'", "", "ö", "__", "ß", "__")
	taken := map[string]bool{}
	for j, n := range names {
		n = id.Replace(n)
		if len(n) > 63 {
			n = n[:63]
		}
		if n == "sum" || n == "free" {
			n += "_"
		}
		for k := 2; taken[strings.ToLower(n)]; k++ {
			n = strings.TrimSuffix(n[:min(len(n), 61)], "_2") + "_2"
		}
		taken[strings.ToLower(n)] = true
		names[j] = n
	}
	return names
}

func compareGAMSAt(m *model.Model, p *gamsProgram, x []float64, vars map[string]float64) error {
	// A definition says what its left side is: of objectives, of slacks.
	goals := 0
	for _, name := range p.order {
		e := p.equations[name]
		if left := strings.TrimSpace(e.left); e.relation == "=e=" && len(p.kind[strings.ToLower(left)]) > 0 {
			if _, known := vars[left]; !known {
				v, err := p.value(e.right, vars)
				if err != nil {
					return err
				}
				vars[left] = v
				if goals < m.NumPlayers() {
					if want := m.ObjectiveValue(goals, x); math.Abs(want-v) > 1e-9*max(1, math.Abs(v)) {
						return errorf("objective %d: %g, want %g", goals, v, want)
					}
					goals++
				}
			}
		}
	}
	var got, want []float64 // violations of constraints that no pair stands for
	for _, name := range p.order {
		e := p.equations[name]
		if _, isMatched := p.matched[name]; isMatched || strings.Contains(e.left, "('") {
			continue
		}
		l, err := p.value(e.left, vars)
		if err != nil {
			return err
		}
		r, err := p.value(e.right, vars)
		if err != nil {
			return err
		}
		switch v := l - r; e.relation {
		case "=e=":
			got = append(got, math.Abs(v))
		case "=l=":
			got = append(got, max(0, v))
		case "=g=":
			got = append(got, max(0, -v))
		default:
			return errorf("%s: a relation %s outside of a pair", name, e.relation)
		}
	}
	members := 0.0
	for k := range m.NumPairs() {
		members += m.PairViolation(k, x)
	}
	for _, name := range p.order {
		variable, ok := p.matched[name]
		if !ok {
			continue
		}
		e := p.equations[name]
		l, err := p.value(e.left, vars)
		if err != nil {
			return err
		}
		r, err := p.value(e.right, vars)
		if err != nil {
			return err
		}
		lo, hi := math.Inf(-1), math.Inf(1)
		if p.kind[strings.ToLower(variable)] == "Positive" {
			lo = 0
		}
		if v, ok := p.lo[variable]; ok {
			lo = v
		}
		if v, ok := p.up[variable]; ok {
			hi = v
		}
		z := vars[variable]
		members -= math.Abs(z - min(max(z-(l-r), lo), hi))
	}
	if math.Abs(members) > 1e-9 {
		return errorf("the residuals of the pairs differ by %g", members)
	}
	sum := 0.0
	for _, v := range got {
		sum += v
	}
	for r := range m.NumRows() {
		if !pairSaysAll(m, r) {
			want = append(want, m.RowViolation(r, x))
		}
	}
	for _, v := range want {
		sum -= v
	}
	if !(math.Abs(sum) <= 1e-9*(1+slices.Max(append(want, 1)))) {
		return errorf("the violations of the constraints differ by %g", sum)
	}
	return nil
}

// pairSaysAll reports whether constraint r is a member of one pair, with no other bound than that of the member.
func pairSaysAll(m *model.Model, r int) bool {
	n, all := 0, true
	for k := range m.NumPairs() {
		p := m.Pair(k)
		for _, s := range []model.Member{p.A, p.B} {
			if !s.Row || int(s.Index) != r {
				continue
			}
			lo, hi := m.RowBounds(r)
			n++
			switch s.Side {
			case model.AtLower:
				all = all && math.IsInf(hi, 1)
			case model.AtUpper:
				all = all && math.IsInf(lo, -1)
			case model.Value:
				all = all && math.IsInf(lo, -1) && math.IsInf(hi, 1)
			}
		}
	}
	return n == 1 && all
}

func TestRefusedGAMS(t *testing.T) {
	pairAndFollower := twoRoads()
	pairAndFollower.Leader().Complement("either", pairAndFollower.Var(0), pairAndFollower.Var(0).Minus(1))
	whole := paired()
	whole.SetVarKind(0, model.Integer)
	dual := twoRoads()
	row, _ := dual.RowByName("trips")
	dual.Leader().Minimize(row.Dual())
	precise := model.New("m")
	x := precise.Leader().Var("x", 0, 1)
	d := precise.DAG()
	precise.AddRow(0, "r", model.Function{Nonlinear: d.Binary(expr.OpPrecision, d.Var(x.Index()), d.Const(3))}, 0, 1)
	deep := model.New("m")
	x = deep.Leader().Var("x", 0, 1)
	n := deep.DAG().Var(x.Index())
	for range 30 {
		n = deep.DAG().Mul(deep.DAG().Unary(expr.OpSin, n), deep.DAG().Unary(expr.OpCos, n))
	}
	deep.AddRow(0, "r", model.Function{Nonlinear: n}, 0, 1)
	for _, c := range []struct {
		name, want string
		m          *model.Model
	}{
		{"condition", "the GAMS format cannot hold this model: on: a condition on a constraint; choose another stage (big-m instead of indicator)", general()},
		{"pair and follower", "the GAMS format cannot hold this model: either: a complementarity pair beside a follower; export a later stage (--after kkt)", pairAndFollower},
		{"integer", "the GAMS format cannot hold this model: plain: a complementarity pair beside integer variables; export a later stage (--after big-m)", whole},
		{"dual", "the GAMS format cannot hold this model: trips.dual: a variable that stands for a multiplier; export a later stage (--after kkt)", dual},
		{"operation", "the GAMS format cannot hold this model: r: the operation precision; write .nl or .mod", precise},
		{"length", "the GAMS format cannot hold this model: r: an expression too long to write out, because its parts are used many times; write .nl or .mod", deep},
	} {
		err := export.WriteGAMS(io.Discard, c.m)
		var refused *export.NotWritableError
		if !errors.As(err, &refused) || err.Error() != c.want {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
	if err := export.WriteGAMS(&full{100}, plant()); !errors.Is(err, errFull) {
		t.Errorf("a writer that fails: %v", err)
	}
}
