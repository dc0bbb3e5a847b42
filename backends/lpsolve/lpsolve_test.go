package lpsolve

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
)

func skipWithoutLibrary(t *testing.T) {
	t.Helper()
	if newEngine == nil {
		t.Skip("lp_solve is not on this machine")
	}
}

// small is min cost'x over a row and bounds, integer.
func small(lo, hi float64, kind model.Kind, cost, rowLo float64) *model.Model {
	m := model.New("small")
	m.AddVars(0, "x", nil, 1, kind, lo, hi)
	m.AddRow(0, "r", model.Function{Vars: []int32{0}, Coefs: []float64{2}}, rowLo, math.Inf(1))
	m.Leader().SetObjective(model.Objective{F: model.Function{Vars: []int32{0}, Coefs: []float64{cost}}})
	return m
}

func TestWithoutTheLibraryEverythingSaysHowToGetIt(t *testing.T) {
	if newEngine != nil {
		old := newEngine
		newEngine = nil
		defer func() { newEngine = old }()
	}
	_, err := New().Solve(context.Background(), small(0, 1, model.Continuous, 1, 0), backends.Options{}, nil)
	var e *backends.UnknownError
	if !errors.As(err, &e) || e.Name != "lpsolve" || !strings.Contains(err.Error(), "lp-solve") {
		t.Errorf("%v", err)
	}
}

func TestOptionErrorsNameTheOption(t *testing.T) {
	skipWithoutLibrary(t)
	for _, c := range []struct{ name, value, want string }{
		{"improve", "99", "from 0 to 15"}, {"scaling", "1.5", "integer"}, {"epsb", "much", "number"}, {"verbose", "5", "Log"}, {"presolve", "1", "wrong answers"},
		{"bb_depthlimit", "-50", "drops"}, {"xyzzy", "1", "there are anti_degen, basiscrash"},
	} {
		_, err := New().Solve(context.Background(), small(0, 1, model.Continuous, 1, 0), backends.Options{SolverOption: map[string]string{c.name: c.value}}, nil)
		var e *OptionError
		if !errors.As(err, &e) || e.Name != c.name || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s = %s: %v", c.name, c.value, err)
		}
	}
	r, err := New().Solve(context.Background(), small(0, 9, model.Integer, 1, 3), backends.Options{SolverOption: map[string]string{"scaling": "0", "bb_floorfirst": "1"}}, nil)
	if err != nil || r.Status != model.StatusOptimal || r.Objective != 2 {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestFreeIntegers: an integer variable without bounds gets a proven one from the relaxation, or an assumed one that the answer then shows.
func TestFreeIntegers(t *testing.T) {
	skipWithoutLibrary(t)
	inf := math.Inf(1)
	m := small(-inf, inf, model.Integer, 1, -7)
	if r, err := New().Solve(context.Background(), m, backends.Options{}, nil); err != nil || r.Status != model.StatusOptimal || r.Objective != -3 {
		t.Errorf("bounded by its row: %+v, %v", r, err)
	}
	m = small(-inf, inf, model.Integer, 0, -inf)
	m.AddVars(0, "y", nil, 1, model.Continuous, 0.25, 1)
	m.AddRow(0, "link", model.Function{Vars: []int32{0, 1}, Coefs: []float64{1, 0.1}}, -inf, inf)
	m.Leader().SetObjective(model.Objective{F: model.Function{Vars: []int32{1}, Coefs: []float64{1}}})
	r, err := New().Solve(context.Background(), m, backends.Options{}, nil)
	if err != nil || r.Proof == model.ProofGlobal && r.Objective != 0.25 || r.Objective != 0.25 {
		t.Errorf("without a bound: %+v, %v", r, err)
	}
}

// TestRandomIntegerProblems compares the optimum with enumeration.
func TestRandomIntegerProblems(t *testing.T) {
	skipWithoutLibrary(t)
	for seed := range int64(200) {
		r := rand.New(rand.NewSource(seed))
		const n, rows, top = 4, 3, 3
		m := model.New("random")
		lo := make([]float64, n)
		for j := range n {
			lo[j] = float64(r.Intn(4) - 2)
			m.AddVars(0, fmt.Sprintf("x%d", j), nil, 1, model.Integer, lo[j], lo[j]+top)
		}
		coefs, sides := make([][]float64, rows), make([][2]float64, rows)
		for i := range rows {
			f := model.Function{}
			coefs[i] = make([]float64, n)
			for j := range n {
				coefs[i][j] = float64(r.Intn(13)-6) + 0.5
				f.Vars, f.Coefs = append(f.Vars, int32(j)), append(f.Coefs, coefs[i][j])
			}
			side := float64(r.Intn(9)-4) + 0.25
			sides[i] = [2]float64{side, side + float64(r.Intn(6))}
			m.AddRow(0, fmt.Sprintf("r%d", i), f, sides[i][0], sides[i][1])
		}
		o := model.Objective{F: model.Function{Const: 3}}
		if seed%2 == 1 {
			o.Sense = model.Maximize
		}
		cost := make([]float64, n)
		for j := range n {
			cost[j] = float64(r.Intn(19)-9) + 0.5
			o.F.Vars, o.F.Coefs = append(o.F.Vars, int32(j)), append(o.F.Coefs, cost[j])
		}
		m.Leader().SetObjective(o)
		want := math.Inf(1)
		for code := range 256 {
			value, ok := 3.0, true
			x := make([]float64, n)
			for j := range n {
				x[j] = lo[j] + float64(code>>(2*j)&3)
				value += cost[j] * x[j]
			}
			for i := range rows {
				sum := 0.0
				for j := range n {
					sum += coefs[i][j] * x[j]
				}
				ok = ok && sum >= sides[i][0]-1e-9 && sum <= sides[i][1]+1e-9
			}
			if ok {
				want = math.Min(want, o.Sense.Sign()*value)
			}
		}
		got, err := New().Solve(context.Background(), m, backends.Options{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if math.IsInf(want, 1) {
			if got.Status != model.StatusInfeasible {
				t.Errorf("seed %d: %v %v, no point is feasible", seed, got.Status, got.Objective)
			}
		} else if got.Status != model.StatusOptimal || math.Abs(o.Sense.Sign()*got.Objective-want) > 1e-3*(1+math.Abs(want)) {
			t.Errorf("seed %d: %v %v, want %v", seed, got.Status, got.Objective, o.Sense.Sign()*want)
		}
	}
	for end := time.Now().Add(10 * time.Second); OpenInstances() > 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d instances were left open", OpenInstances())
		}
	}
}

// TestCodesOfTheHeader compares the codes of status.go and the prototypes of library.h with lp_solve's own header, where it is installed.
func TestCodesOfTheHeader(t *testing.T) {
	compiler, err := exec.LookPath("cc")
	if _, missing := os.Stat("/usr/include/lpsolve/lp_lib.h"); err != nil || missing != nil {
		t.Skip("lp_solve's header or a C compiler is not there")
	}
	header, err := os.ReadFile("library.h")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(header), "#define LPSOLVE_FUNCTIONS")
	functions, _, _ := strings.Cut(rest, "\n\n")
	source := "#include <lpsolve/lp_lib.h>\n#define LPSOLVE_FUNCTIONS" + functions + "\n#define SAME(result, name, parameters) result name parameters;\nLPSOLVE_FUNCTIONS(SAME)\n"
	for c, names := range map[string]code{"NOMEMORY": codeNoMemory, "OPTIMAL": codeOptimal, "SUBOPTIMAL": codeSuboptimal, "INFEASIBLE": codeInfeasible,
		"UNBOUNDED": codeUnbounded, "DEGENERATE": codeDegenerate, "NUMFAILURE": codeNumeric, "USERABORT": codeAborted, "TIMEOUT": codeTimeout, "RUNNING": codeRunning,
		"PRESOLVED": codePresolved, "PROCFAIL": codeFailed, "PROCBREAK": codeBroken, "FEASFOUND": codeFeasible, "NOFEASFOUND": codeNoneFound, "ACCURACYERROR": codeAccuracy} {
		source += fmt.Sprintf("_Static_assert(%s == %d, \"%s\");\n", c, int(names), c)
	}
	source += "_Static_assert(LE == 1 && GE == 2 && EQ == 3 && MSG_MILPFEASIBLE == 128 && MSG_MILPBETTER == 512, \"constants\");\n"
	file := filepath.Join(t.TempDir(), "same.c")
	if err := os.WriteFile(file, []byte(source), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(compiler, "-fsyntax-only", "-w", file).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
