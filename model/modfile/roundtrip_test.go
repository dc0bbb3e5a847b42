package modfile

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
)

// TestRoundTripRandom prints random models, made through the functions of package model, and reads them back.
func TestRoundTripRandom(t *testing.T) {
	n := 400
	if testing.Short() {
		n = 50
	}
	for seed := range n {
		m := randomModel(rand.New(rand.NewPCG(uint64(seed), 77)))
		if err := m.Err(); err != nil {
			t.Fatalf("seed %d: the random model is wrong: %v", seed, err)
		}
		var text strings.Builder
		if err := Print(&text, m); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		back, err := Read("printed.mod", []byte(text.String()))
		if err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, text.String())
		}
		if err := Equal(m, back); err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, text.String())
		}
		var again strings.Builder
		if err := Print(&again, back); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if err := Equal(back, m); err != nil {
			t.Fatalf("seed %d, the other way round: %v", seed, err)
		}
	}
}

// oddNames are names that need care when they are written.
var oddNames = []string{"sum", "my var", "x.1", "s.t.", "if", "a`b", "Infinity", "nash", "3d", "größe", "display", "min", "c[", "cars[toll]", "k[1,]", "data", "sos1", "diff", "é[\"q\"\"r\",2]", "t[0.5]", "upper", "#", "\"", "end"}

type generator struct {
	rng *rand.Rand
	m   *model.Model
	n   int
}

func (g *generator) name(base string) string {
	g.n++
	if g.rng.IntN(4) == 0 {
		return g.m.FreshBase(fmt.Sprintf("%s%d", oddNames[g.rng.IntN(len(oddNames))], g.n))
	}
	return fmt.Sprintf("%s%d", base, g.n)
}

func (g *generator) coefficient() float64 {
	switch g.rng.IntN(6) {
	case 0:
		return 1
	case 1:
		return -1
	case 2:
		return math.Round(20*g.rng.Float64()-10) / 4
	case 3:
		return g.rng.NormFloat64() * 1e-9
	case 4:
		return g.rng.NormFloat64() * 1e12
	}
	return g.rng.NormFloat64()
}

func (g *generator) bounds() (lo, hi float64) {
	lo, hi = math.Inf(-1), math.Inf(1)
	switch g.rng.IntN(6) {
	case 0:
		lo = 0
	case 1:
		lo, hi = 0, float64(g.rng.IntN(10))
	case 2:
		lo = g.coefficient()
		hi = lo
	case 3:
		hi = g.coefficient()
	case 4:
		lo = g.coefficient()
		hi = lo + g.rng.Float64()
	}
	return lo, hi
}

// mayUse lists the variables that a player may use.
func (g *generator) mayUse(player int) []int {
	var list []int
	m := g.m
	for j := 0; j < m.NumVars(); j++ {
		_, dual := m.DualOf(j)
		o := m.VarOwner(j)
		switch {
		case player == 0:
			list = append(list, j)
		case dual:
		case o == 0 || o == player || m.Player(o).IsNash() && m.Player(player).IsNash():
			list = append(list, j)
		}
	}
	return list
}

func (g *generator) function(player int) model.Function {
	m, vars := g.m, g.mayUse(player)
	acc := m.Accumulator()
	if len(vars) == 0 {
		return acc.Function()
	}
	pick := func() int { return vars[g.rng.IntN(len(vars))] }
	for range g.rng.IntN(5) {
		acc.AddTerm(g.coefficient(), pick())
	}
	if g.rng.IntN(3) == 0 {
		for range g.rng.IntN(4) {
			acc.AddProduct(g.coefficient(), pick(), pick())
		}
	}
	if g.rng.IntN(3) == 0 {
		acc.AddNode(g.coefficient(), g.node(vars, 3))
	}
	if g.rng.IntN(2) == 0 {
		acc.AddConst(g.coefficient())
	}
	return acc.Function()
}

func (g *generator) node(vars []int, depth int) expr.Node {
	d := g.m.DAG()
	if depth == 0 || g.rng.IntN(5) == 0 {
		if g.rng.IntN(3) == 0 {
			return d.Const(math.Round(12*g.rng.Float64()-6) / 4)
		}
		return d.Var(vars[g.rng.IntN(len(vars))])
	}
	sub := func() expr.Node { return g.node(vars, depth-1) }
	switch g.rng.IntN(12) {
	case 0:
		return d.Mul(sub(), sub())
	case 1:
		return d.Div(sub(), d.Add(d.Const(0.5), d.Unary(expr.OpAbs, sub())))
	case 2:
		return d.Pow(d.Unary(expr.OpAbs, sub()), d.Const(float64(g.rng.IntN(7))/2))
	case 3:
		return d.Linear(float64(g.rng.IntN(9)-4)/4, []float64{float64(g.rng.IntN(9)) / 4, 1, -1}, []expr.Node{sub(), sub(), sub()})
	case 4:
		return d.Min(sub(), sub(), sub())
	case 5:
		return d.Max(sub(), sub())
	case 6:
		return d.If(d.Binary(expr.OpLE, sub(), sub()), sub(), sub())
	case 7:
		return d.If(d.Binary(expr.OpAnd, d.Binary(expr.OpLT, sub(), sub()), d.Not(d.Binary(expr.OpEQ, sub(), sub()))), sub(), d.Const(0))
	case 8:
		ops := []expr.Op{expr.OpLess, expr.OpAtan2, expr.OpMod}
		return d.Binary(ops[g.rng.IntN(len(ops))], sub(), d.Add(d.Const(1.5), d.Unary(expr.OpAbs, sub())))
	}
	ops := []expr.Op{expr.OpSin, expr.OpCos, expr.OpExp, expr.OpSqrt, expr.OpLog, expr.OpTanh, expr.OpAtan, expr.OpFloor, expr.OpAsinh}
	op, x := ops[g.rng.IntN(len(ops))], sub()
	if op == expr.OpExp {
		x = d.Unary(expr.OpTanh, x)
	}
	if op == expr.OpLog || op == expr.OpSqrt {
		x = d.Add(d.Const(0.5), d.Unary(expr.OpAbs, x)) // inside of the domain, also where x is a constant
	}
	return d.Unary(op, x)
}

func (g *generator) subscripts(n int) func(k int) string {
	switch g.rng.IntN(5) {
	case 0:
		return nil
	case 1:
		return func(k int) string { return fmt.Sprintf("%d,\"s%d\"", k/2, k%2) }
	case 2:
		return func(k int) string { return fmt.Sprintf("\"a b\",%d", 10*k) }
	case 3:
		return func(k int) string { return fmt.Sprintf("raw%d", k) } // no subscript that the language writes
	}
	return func(k int) string { return fmt.Sprint(k + 1) }
}

// randomModel makes a model with a little of all that a model can hold.
func randomModel(rng *rand.Rand) *model.Model {
	m := model.New("random")
	g := &generator{rng: rng, m: m}
	players := rng.IntN(4)
	for k := range players {
		f := m.Follower(fmt.Sprintf("%s%d", []string{"follower", "the market ", "nash"}[rng.IntN(3)], k))
		if rng.IntN(3) == 0 {
			f.Nash()
		}
	}
	for range 2 + rng.IntN(5) {
		n := 1 + rng.IntN(5)
		lo, hi := g.bounds()
		kind := model.Kind(rng.IntN(3))
		if kind == model.Binary && (hi < 0 || lo > 1) {
			kind = model.Integer
		}
		first := m.AddVars(rng.IntN(players+1), g.name("x"), g.subscripts(n), n, kind, lo, hi)
		for j := first; j < m.NumVars(); j++ {
			if rng.IntN(5) == 0 {
				lo, hi := g.bounds()
				if kind != model.Binary {
					m.SetVarBounds(j, lo, hi)
				}
			}
			if lo, hi := m.VarBounds(j); rng.IntN(3) == 0 {
				m.SetStart(j, math.Min(math.Max(g.coefficient(), lo), hi))
			}
			if rng.IntN(12) == 0 {
				m.SteerVar(j, model.Steer{DualBound: 3.5})
			}
		}
	}
	for range 1 + rng.IntN(5) {
		g.rows(rng.IntN(players + 1))
	}
	for r := 0; r < m.NumRows() && players > 0; r++ {
		if m.RowOwner(r) > 0 && rng.IntN(6) == 0 {
			m.DualVar(r)
		}
	}
	g.rows(0)
	for p := range m.NumPlayers() {
		if rng.IntN(4) > 0 {
			names := []string{"", "objective", g.name("obj")}
			m.Player(p).SetObjective(model.Objective{Name: names[rng.IntN(2)*2*rng.IntN(2)], Sense: model.Sense(rng.IntN(2)), F: g.function(p)})
		}
	}
	for range rng.IntN(4) {
		g.pairs()
	}
	g.rows(0)
	g.extras()
	return m
}

func (g *generator) rows(player int) {
	m := g.m
	n := 1 + g.rng.IntN(3)
	first := m.StartRows(player, g.name("c"), g.subscripts(n), n)
	for r := first; r < first+n; r++ {
		lo, hi := g.bounds()
		m.SetRow(r, g.function(player), lo, hi)
		if g.rng.IntN(6) == 0 {
			m.SteerRow(r, model.Steer{Reform: "sos1", SlackBound: 2})
		}
	}
}

// pairs adds a family of pairs: on variables, on constraints of their own, and on constraints that stand by themselves.
func (g *generator) pairs() {
	m, rng := g.m, g.rng
	name := g.name("pair")
	n := 1 + rng.IntN(3)
	sub := g.subscripts(n)
	var list []model.Pair
	for k := range n {
		full := name
		if sub != nil && n > 1 || sub != nil {
			full = name + "[" + sub(k) + "]"
		} else if n > 1 {
			full = fmt.Sprintf("%s[%d]", name, k)
		}
		mixed := rng.IntN(2) == 0
		p := model.Pair{A: g.member(full, "_a", mixed, true), B: g.member(full, "_b", mixed, false)}
		list = append(list, p)
	}
	first := m.AddPairs(name, sub, list...)
	if rng.IntN(3) == 0 {
		m.SteerPair(first, model.Steer{Reform: "big-m", DualBound: 10})
	}
}

func (g *generator) member(pair, suffix string, mixed, a bool) model.Member {
	m, rng := g.m, g.rng
	side := model.AtLower
	switch {
	case mixed && a:
		side = model.Range
	case mixed:
		side = model.Value
	case rng.IntN(2) == 0:
		side = model.AtUpper
	}
	fits := func(lo, hi float64) bool {
		return side != model.AtLower && side != model.AtUpper || side == model.AtLower && !math.IsInf(lo, 0) || side == model.AtUpper && !math.IsInf(hi, 0)
	}
	switch rng.IntN(3) {
	case 0:
		j := rng.IntN(m.NumVars())
		_, dual := m.DualOf(j)
		if lo, hi := m.VarBounds(j); !dual && fits(lo, hi) {
			return model.Member{Side: side, Index: int32(j)}
		}
	case 1:
		r := rng.IntN(m.NumRows())
		if lo, hi := m.RowBounds(r); fits(lo, hi) {
			return model.Member{Row: true, Side: side, Index: int32(r)}
		}
	}
	lo, hi := g.coefficient(), math.Inf(1)
	switch side {
	case model.AtUpper:
		lo, hi = math.Inf(-1), lo
	case model.Range:
		hi = lo + float64(rng.IntN(3))
	case model.Value:
		lo = math.Inf(-1)
	}
	base, sub := splitName(pair)
	var subs func(int) string
	if sub != "" {
		subs = func(int) string { return sub }
	}
	r := m.StartRows(0, base+suffix, subs, 1)
	f := g.function(0)
	if rng.IntN(4) == 0 { // a single variable, which must not be taken for itself
		j := rng.IntN(m.NumVars())
		if _, dual := m.DualOf(j); !dual {
			f = model.Function{Vars: []int32{int32(j)}, Coefs: []float64{1}}
		}
	}
	m.SetRow(r, f, lo, hi)
	m.MarkPairRow(r)
	return model.Member{Row: true, Side: side, Index: int32(r)}
}

func (g *generator) extras() {
	m, rng := g.m, g.rng
	var binaries, others []int32
	for j := range m.NumVars() {
		if _, dual := m.DualOf(j); dual {
			continue
		}
		if m.VarKind(j) == model.Binary {
			binaries = append(binaries, int32(j))
		} else {
			others = append(others, int32(j))
		}
	}
	if len(others) > 2 && rng.IntN(2) == 0 {
		m.AddSOS1(model.SOS1{Name: g.name("set"), Vars: []int32{others[2], others[0]}, Weights: []float64{1, 0.25}})
	}
	for r := range m.NumRows() {
		if len(binaries) == 0 || m.IsPairRow(r) || rng.IntN(8) > 0 {
			continue
		}
		b := int(binaries[rng.IntN(len(binaries))])
		if o := m.VarOwner(b); m.RowOwner(r) == 0 || o == 0 || o == m.RowOwner(r) {
			m.AddIndicator(model.Indicator{Row: r, Binary: b, When: rng.IntN(2) == 0})
		}
	}
}

// Models without variables and constraints, and SOS1 sets without variables, read back too.
func TestRoundTripOfNothing(t *testing.T) {
	follower := model.New("follower")
	follower.Follower("f")
	empty := model.New("empty")
	sets := model.New("sets")
	x := sets.Leader().Var("x", 0, 1)
	sets.Leader().SOS1("none")
	sets.Leader().SOS1("one", x)
	sets.Leader().SOS1("none")
	family, err := parse(t, "var x {1..0};").Instantiate(Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []*model.Model{empty, follower, sets, family} {
		var text strings.Builder
		if err := Print(&text, m); err != nil {
			t.Fatal(err)
		}
		back, err := Read("back.mod", []byte(text.String()))
		if err != nil {
			t.Fatalf("%s: %v\n%s", m.Name, err, text.String())
		}
		if err := Equal(m, back); err != nil {
			t.Errorf("%s: %v\n%s", m.Name, err, text.String())
		}
	}
}
