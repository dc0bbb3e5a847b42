package mpsaux_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/export"
	"github.com/gobilevel/bilevel/internal/dataset"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/model/mpsaux"
	"github.com/gobilevel/bilevel/reform"
)

// generator draws a random model that the format can hold.
type generator struct {
	rng *rand.Rand
	m   *model.Model
	n   int
}

// oddNames are names that need care when they are written, and when they are turned back.
var oddNames = []string{"x", "x", "x", "a b", "e", "inf", "9", "größe", "'MARKER'", "RHS", "(p)", "a(b)", "*", "$", "x~2", "line\nbreak", `"quoted"`, "no,pair",
	strings.Repeat("long", 12), strings.Repeat("longer", 30)}

var oddSubscripts = []string{"", "", "[1]", "[1,2]", `["a"]`, `["a",2]`, "[a]", `["3"]`, "[-1]", "[1.5]", "[1][2]", `["a b"]`, `["x","y"]`, "[1,]", "[", "]", "[1e5]", `["a""b"]`}

func (g *generator) name() string {
	g.n++
	return fmt.Sprintf("%s%d%s", oddNames[g.rng.IntN(len(oddNames))], g.n, oddSubscripts[g.rng.IntN(len(oddSubscripts))])
}

func (g *generator) number() float64 {
	switch g.rng.IntN(6) {
	case 0:
		return 1
	case 1:
		return -1
	case 2:
		return float64(g.rng.IntN(2001)-1000) / 8
	case 3:
		return g.rng.NormFloat64() * 1e-9
	case 4:
		return g.rng.NormFloat64() * 1e12
	}
	return g.rng.NormFloat64()
}

// side is a bound of a range: so few digits that the difference of two is exact.
func (g *generator) side() float64 { return float64(g.rng.IntN(2001)-1000) / 8 }

func (g *generator) bounds() (lo, hi float64) {
	lo, hi = math.Inf(-1), math.Inf(1)
	switch g.rng.IntN(7) {
	case 0:
		lo = 0
	case 1:
		lo, hi = 0, 1+math.Abs(g.side())
	case 2:
		lo = g.number()
		hi = lo
	case 3:
		hi = g.number()
	case 4:
		lo = g.number()
	case 5:
		lo = g.side()
		hi = lo + math.Abs(g.side())
	}
	return lo, hi
}

func (g *generator) vars(player, n int) {
	for range n {
		lo, hi := g.bounds()
		kind := model.Continuous
		switch g.rng.IntN(4) {
		case 0:
			kind = model.Integer
			if lo >= 0 && hi <= 1 { // that is a binary variable
				lo, hi = -2, 7
			}
		case 1:
			kind = model.Binary
			lo, hi = 0, 1
		}
		g.m.AddVars(player, g.name(), nil, 1, kind, lo, hi)
	}
}

func (g *generator) function(allowed func(j int) bool, quadratic bool) model.Function {
	a := g.m.Accumulator()
	for j := range g.m.NumVars() {
		if allowed(j) && g.rng.IntN(3) == 0 {
			a.AddTerm(g.number(), j)
		}
		if quadratic && g.rng.IntN(6) == 0 {
			a.AddProduct(g.number(), j, g.rng.IntN(g.m.NumVars()))
		}
	}
	return a.Function()
}

func everything(int) bool { return true }

// plain is a model of one player with all that MPS holds.
func plain(seed uint64) *model.Model {
	g := &generator{rng: rand.New(rand.NewPCG(seed, 1)), m: model.New(fmt.Sprintf("random %d", seed))}
	m := g.m
	g.vars(0, 1+g.rng.IntN(9))
	quadratic := g.rng.IntN(3) == 0
	f := g.function(everything, quadratic)
	if g.rng.IntN(2) == 0 {
		f.Const = g.number()
	}
	if g.rng.IntN(8) > 0 {
		m.Leader().SetObjective(model.Objective{Name: g.name(), Sense: model.Sense(g.rng.IntN(2)), F: f})
	}
	var binary []int
	for j := range m.NumVars() {
		if m.VarKind(j) == model.Binary {
			binary = append(binary, j)
		}
	}
	for range g.rng.IntN(8) {
		curved := quadratic && g.rng.IntN(3) == 0
		lo, hi := g.bounds()
		r := m.AddRow(0, g.name(), g.function(everything, curved), lo, hi)
		if free := math.IsInf(lo, -1) && math.IsInf(hi, 1); len(binary) > 0 && !free && m.RowIsAffine(r) && g.rng.IntN(3) == 0 {
			m.AddIndicator(model.Indicator{Row: r, Binary: binary[g.rng.IntN(len(binary))], When: g.rng.IntN(2) == 0})
		}
	}
	for range g.rng.IntN(3) {
		s := model.SOS1{Name: g.name()}
		for j := range m.NumVars() {
			if g.rng.IntN(2) == 0 {
				s.Vars, s.Weights = append(s.Vars, int32(j)), append(s.Weights, g.number())
			}
		}
		m.AddSOS1(s)
	}
	return m
}

// pair is a model with a linear follower.
func pair(seed uint64) *model.Model {
	g := &generator{rng: rand.New(rand.NewPCG(seed, 2)), m: model.New("pair")}
	m := g.m
	follower := m.Follower(g.name())
	g.vars(0, 1+g.rng.IntN(4))
	g.vars(1, 1+g.rng.IntN(4))
	g.vars(0, g.rng.IntN(3))
	g.vars(1, g.rng.IntN(3))
	own := func(j int) bool { return m.VarOwner(j) == 1 }
	if g.rng.IntN(8) > 0 {
		f := g.function(everything, false)
		f.Const = float64(g.rng.IntN(3))
		m.Leader().SetObjective(model.Objective{Name: g.name(), Sense: model.Sense(g.rng.IntN(2)), F: f})
	}
	if g.rng.IntN(8) > 0 {
		name := ""
		if g.rng.IntN(2) == 0 {
			name = g.name()
		}
		follower.SetObjective(model.Objective{Name: name, Sense: model.Sense(g.rng.IntN(2)), F: g.function(own, false)})
	}
	for range g.rng.IntN(8) {
		lo, hi := g.bounds()
		if math.IsInf(lo, -1) && math.IsInf(hi, 1) {
			hi = 4
		}
		m.AddRow(g.rng.IntN(2), g.name(), g.function(everything, false), lo, hi)
	}
	return m
}

// again writes a model and reads it back.
func again(t *testing.T, m *model.Model, opt export.Options) (*model.Model, string) {
	t.Helper()
	var mps, aux bytes.Buffer
	var back *model.Model
	var err error
	if m.NumFollowers() == 0 {
		if err := export.WriteMPS(&mps, m, opt); err != nil {
			t.Fatal(err)
		}
		back, err = mpsaux.Read(bytes.NewReader(mps.Bytes()), mpsaux.Options{})
	} else {
		if err := export.WriteMPSAux(&mps, &aux, m, opt); err != nil {
			t.Fatal(err)
		}
		back, err = mpsaux.ReadBilevel(bytes.NewReader(mps.Bytes()), bytes.NewReader(aux.Bytes()), mpsaux.Options{})
	}
	text := mps.String() + aux.String()
	if err != nil {
		t.Fatalf("reading what was written: %v\n%s", err, text)
	}
	return back, text
}

// TestRoundTripRandom writes random models in all forms and reads them back: they are equal, and so is what is written of them.
func TestRoundTripRandom(t *testing.T) {
	models := uint64(500)
	if testing.Short() {
		models = 50
	}
	for seed := range models {
		for _, m := range []*model.Model{plain(seed), pair(seed)} {
			if err := m.Err(); err != nil {
				t.Fatalf("seed %d: the random model is wrong: %v", seed, err)
			}
			forms := []export.Options{{}, {Fixed: true}, {TaggedSOS: true}, {AuxIndices: true}, {AuxIndices: true, Fixed: true}}
			if m.Leader().Objective().F.Const == 0 {
				forms = append(forms, export.Options{Portable: true})
			}
			for _, opt := range forms {
				back, text := again(t, m, opt)
				if err := modfile.Equal(m, back); err != nil {
					t.Fatalf("seed %d, %+v: %v\n%s", seed, opt, err, text)
				}
				if back.Name != m.Name {
					t.Fatalf("seed %d: the name %q becomes %q", seed, m.Name, back.Name)
				}
				if _, second := again(t, back, opt); second != text {
					t.Fatalf("seed %d, %+v: written again, it is\n%s\nand was\n%s", seed, opt, second, text)
				}
			}
		}
	}
}

// TestConstantsOfTheFollower: what is constant for the follower is left out, and nothing else.
func TestConstantsOfTheFollower(t *testing.T) {
	m := model.New("constants")
	x := m.Leader().Var("x", 0, 1)
	follower := m.Follower("f")
	y := follower.Var("y", 0, 1)
	follower.Maximize(y.Times(3).Plus(x.Times(2)).Plus(5))
	m.Leader().Minimize(x)
	back, text := again(t, m, export.Options{})
	if !strings.Contains(text, "left out") {
		t.Errorf("no comment on what is left out:\n%s", text)
	}
	if o := back.Player(1).Objective(); o.F.Const != 0 || len(o.F.Vars) != 1 || o.F.Coef(1) != 3 || o.Sense != model.Maximize {
		t.Errorf("the follower's objective is %+v", o)
	}
}

// TestForeignNamesStay: names of files that are not ours are taken as they are.
func TestForeignNamesStay(t *testing.T) {
	text := "* Model of somebody else\nNAME\nROWS\n N c\nCOLUMNS\n x(1) c 1\n x[2] c 1\n x[3] c 1\nENDATA\n"
	m, err := mpsaux.Read(strings.NewReader(text), mpsaux.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if m.VarName(0) != "x(1)" || m.VarName(1) != "x[2]" || m.VarBase(2) != "x" || !m.SameVarFamily(1, 2) {
		t.Errorf("names %s, %s, %s of family %s", m.VarName(0), m.VarName(1), m.VarName(2), m.VarBase(2))
	}
	// An edited head that would call two variables alike counts for nothing.
	text = "* Model m\n* variable a is b\nNAME m\nROWS\n N c\nCOLUMNS\n a c 1\n b c 1\nENDATA\n"
	if m, err = mpsaux.Read(strings.NewReader(text), mpsaux.Options{}); err != nil {
		t.Fatal(err)
	}
	if m.VarName(0) != "a" || m.VarName(1) != "b" {
		t.Errorf("names %s, %s", m.VarName(0), m.VarName(1))
	}
}

func TestRoundTripOfMibS(t *testing.T) {
	dir, list := mibs(t)
	for _, e := range list {
		m := readInstance(t, dir, e)
		for _, opt := range []export.Options{{}, {AuxIndices: true}, {Fixed: true, AuxIndices: true}} {
			back, _ := again(t, m, opt)
			if err := modfile.Equal(m, back); err != nil {
				t.Errorf("%s, %+v: %v", e.Name, opt, err)
			}
		}
	}
}

// TestRoundTripOfLibraries writes what MPS and AUX can hold of the libraries of models in text: a bilevel model as it is, and what the
// optimality conditions with binary variables make of it.
func TestRoundTripOfLibraries(t *testing.T) {
	held := 0
	trip := func(name string, m *model.Model) {
		for j := range m.NumVars() {
			m.SetStart(j, math.NaN()) // the format has no start values
		}
		var refused *export.NotWritableError
		if err := writable(m); errors.As(err, &refused) {
			return
		} else if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		held++
		for k := 1; k < m.NumPlayers(); k++ {
			own(m, k)
		}
		back, _ := again(t, m, export.Options{})
		if err := alike(m, back); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, library := range []string{"bolib", "macmpec"} {
		dir, ok := dataset.Find(library)
		if !ok {
			t.Skipf("%s is not there: set BILEVEL_DATA to the folder of the problem libraries", library)
		}
		for _, e := range models(t, dir) {
			m, err := modfile.ReadFiles(filepath.Join(dir, e[0]), e[1:]...)
			if err != nil {
				t.Errorf("%s: %v", e[0], err)
				continue
			}
			if m.NumVars() > 5000 {
				continue
			}
			trip(e[0], m)
			chain := reform.NewChain(m)
			if m.NumFollowers() > 0 && chain.Apply(context.Background(), reform.KKT{}) != nil {
				continue
			}
			if m.NumVars() <= 500 && chain.Apply(context.Background(), reform.SOS1{}) == nil {
				trip(e[0]+" after "+strings.Join(chain.Names(), "+"), chain.Model())
			}
		}
	}
	if held < 10 {
		t.Errorf("only %d models of the libraries could be written", held)
	}
}

// own takes what is constant for a follower out of its objective.
func own(m *model.Model, player int) {
	o := m.Player(player).Objective()
	if !o.Set {
		return
	}
	a := m.Accumulator()
	for k, j := range o.F.Vars {
		if m.VarOwner(int(j)) == player {
			a.AddTerm(o.F.Coefs[k], int(j))
		}
	}
	o.F = a.Function()
	m.Player(player).SetObjective(o)
}

// alike is modfile.Equal for what a pass has made, too, whose constraints that carried pairs are no longer special.
func alike(a, b *model.Model) error {
	carried := false
	for r := range a.NumRows() {
		carried = carried || a.IsPairRow(r)
	}
	if !carried {
		return modfile.Equal(a, b)
	}
	copied := model.New(a.Name)
	for j := range a.NumVars() {
		lo, hi := a.VarBounds(j)
		copied.AddVars(0, a.VarName(j), nil, 1, a.VarKind(j), lo, hi)
	}
	for r := range a.NumRows() {
		lo, hi := a.RowBounds(r)
		copied.AddRow(0, a.RowName(r), a.RowFunction(r), lo, hi)
	}
	for _, s := range a.SOS1Sets() {
		copied.AddSOS1(s)
	}
	copied.Leader().SetObjective(a.Leader().Objective())
	return modfile.Equal(copied, b)
}

func writable(m *model.Model) error {
	var mps, aux bytes.Buffer
	if m.NumFollowers() == 0 {
		return export.WriteMPS(&mps, m)
	}
	return export.WriteMPSAux(&mps, &aux, m)
}

// models lists the files of each model of a library.
func models(t *testing.T, dir string) [][]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "index.json"))
	if err != nil {
		t.Fatal(err)
	}
	var list []struct {
		Name, Mod string
		Dat       *string
	}
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for _, e := range list {
		if e.Mod == "" {
			e.Mod = e.Name + ".mod"
		}
		files := []string{e.Mod}
		if e.Dat != nil && *e.Dat != "" {
			files = append(files, filepath.Join(dir, *e.Dat))
		}
		out = append(out, files)
	}
	return out
}
