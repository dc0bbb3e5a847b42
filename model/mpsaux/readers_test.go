package mpsaux_test

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/backends"
	_ "github.com/gobilevel/bilevel/backends/highs" // registers the backend
	"github.com/gobilevel/bilevel/export"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/mpsaux"
)

// linear is a bounded mixed-integer linear model with small integers, to be minimised, whose objective has no constant. Most have a solution:
// rows are made around a point within the bounds.
func linear(seed uint64) *model.Model {
	rng := rand.New(rand.NewPCG(seed, 3))
	small := func(k int) float64 { return float64(rng.IntN(2*k+1) - k) }
	m := model.New("linear")
	n := 2 + rng.IntN(6)
	goal := m.Accumulator()
	point := make([]float64, n)
	for j := range n {
		lo := small(5)
		hi := lo + float64(1+rng.IntN(9))
		kind := model.Kind(rng.IntN(3))
		if kind == model.Binary {
			lo, hi = 0, 1
		}
		m.AddVars(0, fmt.Sprintf("x%d", j), nil, 1, kind, lo, hi)
		goal.AddTerm(small(5), j)
		point[j] = lo + float64(rng.IntN(int(hi-lo)+1))
	}
	m.Leader().SetObjective(model.Objective{Name: "cost", F: goal.Function()})
	for r := range 1 + rng.IntN(5) {
		f := m.Accumulator()
		for j := range n {
			if rng.IntN(3) > 0 {
				f.AddTerm(small(4), j)
			}
		}
		f.AddTerm(1, r%n)
		at := m.Value(f.Function(), point) + float64(max(0, rng.IntN(20)-18))
		lo, hi := at-float64(rng.IntN(12))/4, at+float64(rng.IntN(12))/4
		switch rng.IntN(4) {
		case 0:
			lo = math.Inf(-1)
		case 1:
			hi = math.Inf(1)
		case 2:
			lo = hi
			if seed%2 == 0 {
				lo, hi = at, at
			}
		}
		m.AddRow(0, fmt.Sprintf("r%d", r), f.Function(), lo, hi)
	}
	return m
}

// optimum is the optimal value that the HiGHS backend finds, NaN where there is none.
func optimum(t *testing.T, m *model.Model) float64 {
	t.Helper()
	b, err := backends.Open("highs")
	if err != nil {
		t.Skipf("without the HiGHS backend: %v", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	r, err := b.Solve(ctx, m, backends.Options{Gap: 1e-9}, nil)
	if err != nil {
		t.Fatal(err)
	}
	switch r.Status {
	case model.StatusOptimal:
		return r.Objective
	case model.StatusInfeasible, model.StatusUnbounded, model.StatusInfOrUnbounded:
		return math.NaN()
	}
	t.Fatalf("status %v", r.Status)
	return 0
}

func sameValue(a, b float64) bool {
	return math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= 1e-6*(1+math.Abs(b))
}

// run runs a program in a folder of its own and returns all that it says.
func run(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	said, _ := cmd.CombinedOutput() // some end with an error code though all went well
	return string(said)
}

func installed(t *testing.T, name string) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("%s is not installed", name)
	}
}

// TestFilesOfOtherPrograms reads what other programs write of random models: the optimum is that of the model.
func TestFilesOfOtherPrograms(t *testing.T) {
	for _, p := range []struct {
		name, program string
		args          []string // in.mps to out.mps
	}{
		{"glpsol, fixed", "glpsol", []string{"--freemps", "in.mps", "--check", "--wmps", "out.mps"}},
		{"glpsol, free", "glpsol", []string{"--freemps", "in.mps", "--check", "--wfreemps", "out.mps"}},
		{"highs", "highs", []string{"in.mps", "--time_limit", "0", "--write_model_file", "out.mps"}},
		{"lp_solve, fixed", "lp_solve", []string{"-S1", "-parse_only", "-fmps", "in.mps", "-wmps", "out.mps"}},
		{"lp_solve, free", "lp_solve", []string{"-S1", "-parse_only", "-fmps", "in.mps", "-wfmps", "out.mps"}},
		{"cbc", "cbc", []string{"in.mps", "export", "out.mps"}},
	} {
		t.Run(p.name, func(t *testing.T) {
			installed(t, p.program)
			feasible := 0
			for seed := range uint64(15) {
				m := linear(seed)
				dir := t.TempDir()
				var text bytes.Buffer
				if err := export.WriteMPS(&text, m); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dir, "in.mps"), text.Bytes(), 0o666); err != nil {
					t.Fatal(err)
				}
				said := run(t, dir, p.program, p.args...)
				back, err := mpsaux.ReadFiles(filepath.Join(dir, "out.mps"), "", mpsaux.Options{})
				if err != nil {
					t.Fatalf("%v\n%s", err, said)
				}
				got, want := optimum(t, back), optimum(t, m)
				if !sameValue(got, want) {
					theirs, _ := os.ReadFile(filepath.Join(dir, "out.mps"))
					t.Fatalf("optimum %v, want %v\n%s\n%s", got, want, text.String(), theirs)
				}
				if !math.IsNaN(got) {
					feasible++
				}
			}
			if feasible < 8 {
				t.Errorf("only %d of the models have a solution", feasible)
			}
		})
	}
}

// solver is a program that reads an MPS file and solves it.
type solver struct {
	program     string
	free, fixed [][]string // arguments, and others to try; what is found stands in out.txt or is said
	answer      *regexp.Regexp
}

// cbcWays: with cuts, CBC 2.10 goes wrong on one of the models here, and without preprocessing it breaks down on another.
var cbcWays = [][]string{{"in.mps", "solve", "solu", "out.txt"}, {"in.mps", "preprocess", "off", "cuts", "off", "solve", "solu", "out.txt"}}

var solvers = []solver{
	{"glpsol", [][]string{{"--freemps", "in.mps", "-w", "out.txt"}}, [][]string{{"--mps", "in.mps", "-w", "out.txt"}}, regexp.MustCompile(`(?m)^s (?:bas \d+ \d+ f f|mip \d+ \d+ o) (\S+)`)},
	{"lp_solve", [][]string{{"-S3", "-fmps", "in.mps"}}, [][]string{{"-S3", "-mps", "in.mps"}}, regexp.MustCompile(`Value of objective function: (\S+)`)},
	{"cbc", cbcWays, cbcWays, regexp.MustCompile(`(?m)^Optimal - objective value (\S+)`)},
	{"highs", [][]string{{"in.mps", "--solution_file", "out.txt"}}, [][]string{{"in.mps", "--solution_file", "out.txt"}}, regexp.MustCompile(`(?m)^Model status\s*\nOptimal[\s\S]*?^Objective (\S+)`)},
}

// finds reports whether a program finds the value, NaN for none, in one of its ways; else got is what it finds.
func (s solver) finds(t *testing.T, text []byte, ways [][]string, want float64) (got float64, ok bool) {
	t.Helper()
	for _, args := range ways {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "in.mps"), text, 0o666); err != nil {
			t.Fatal(err)
		}
		said := run(t, dir, s.program, args...)
		out, _ := os.ReadFile(filepath.Join(dir, "out.txt"))
		got = math.NaN()
		if a := s.answer.FindStringSubmatch(said + string(out)); a != nil {
			var err error
			if got, err = strconv.ParseFloat(a[1], 64); err != nil {
				t.Fatal(err)
			}
		}
		if sameValue(got, want) {
			return got, true
		}
	}
	return got, false
}

// TestFixedLayoutIsRead: other programs read what is written in the fixed layout.
func TestFixedLayoutIsRead(t *testing.T) {
	for _, s := range solvers {
		t.Run(s.program, func(t *testing.T) {
			installed(t, s.program)
			feasible := 0
			for seed := range uint64(15) {
				m := linear(seed)
				var text bytes.Buffer
				if err := export.WriteMPS(&text, m, export.Options{Fixed: true}); err != nil {
					t.Fatal(err)
				}
				want := optimum(t, m)
				got, ok := s.finds(t, text.Bytes(), s.fixed, want)
				if !ok {
					t.Fatalf("optimum %v, want %v\n%s", got, want, text.String())
				}
				if !math.IsNaN(got) {
					feasible++
				}
			}
			if feasible < 8 {
				t.Errorf("only %d of the models have a solution", feasible)
			}
		})
	}
}

// conventions has what readers could understand in different ways; what is said of each line is in the comment of the package.
const conventions = `NAME conventions FREE
ROWS
 N cost
 N other
 L lrange
 G grange
 E eplus
 E eminus
 L plain
COLUMNS
 a cost 1 lrange 1
 a other 5
 b cost 1 grange 1
 c cost -1 eplus 1
 d cost 1 eminus 1
 e cost 1
 f cost -1
 M 'MARKER' 'INTORG'
 g cost -1 plain 1
 h cost -1
 i cost 1
 M 'MARKER' 'INTEND'
RHS
 R lrange 10 grange 2
 R eplus 3 eminus 4
 R plain 7.5
RANGES
 R lrange -4 grange -5
 R eplus 2.5 eminus -1.5
BOUNDS
 LO B e -8
 UP B f 3
 UP B g 9
 UP B h 4
 LO B i -2
 UP B i 6
ENDATA
`

// TestConventions: by hand, a = 6, b = 2, c = 5.5, d = 2.5, e = -8, f = 3, g = 7, h = 4, i = -2: 6+2-5.5+2.5-8-3-7-4-2 = -19. The other
// programs agree.
func TestConventions(t *testing.T) {
	const want = -19
	m, err := mpsaux.Read(strings.NewReader(conventions), mpsaux.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := optimum(t, m); !sameValue(got, want) {
		t.Errorf("optimum %v, want %v", got, want)
	}
	for _, s := range solvers {
		t.Run(s.program, func(t *testing.T) {
			installed(t, s.program)
			if got, ok := s.finds(t, []byte(conventions), s.free, want); !ok {
				t.Errorf("optimum %v, want %v", got, want)
			}
		})
	}
}

// TestBinaryByDefault: an integer column without bounds is 0 or 1 for glpsol, CBC and HiGHS, as it is here.
func TestBinaryByDefault(t *testing.T) {
	const text = "NAME m FREE\nROWS\n N cost\n L cap\nCOLUMNS\n M 'MARKER' 'INTORG'\n x cost -1 cap 1\n M 'MARKER' 'INTEND'\nRHS\n R cap 7\nENDATA\n"
	m, err := mpsaux.Read(strings.NewReader(text), mpsaux.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := optimum(t, m); got != -1 {
		t.Errorf("optimum %v, want -1", got)
	}
	for _, s := range solvers {
		if s.program == "lp_solve" { // whose default is infinity
			continue
		}
		t.Run(s.program, func(t *testing.T) {
			installed(t, s.program)
			if got, ok := s.finds(t, []byte(text), s.free, -1); !ok {
				t.Errorf("optimum %v, want -1", got)
			}
		})
	}
}
