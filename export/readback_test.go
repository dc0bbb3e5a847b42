package export_test

import (
	"context"
	"fmt"
	"math"
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
	"github.com/gobilevel/bilevel/model"
)

// reader is a program that reads the files of this package and solves the model in them.
type reader struct {
	name   string
	reads  string // endings of the files that it takes
	solve  func(file, out string) []string
	answer *regexp.Regexp // where the optimum stands in what it writes
	none   *regexp.Regexp // what it writes for an infeasible or unbounded model
}

var readers = []reader{
	{"glpsol", ".portable.lp .portable.mps", func(file, out string) []string {
		format := "--freemps"
		if strings.HasSuffix(file, ".lp") {
			format = "--lp"
		}
		return []string{format, file, "-w", out}
	}, regexp.MustCompile(`(?m)^s (?:bas \d+ \d+ f f|mip \d+ \d+ o) (\S+)`), regexp.MustCompile(`NO (PRIMAL|DUAL) FEASIBLE|UNBOUNDED|NO INTEGER FEASIBLE|INFEASIBLE|(?m)^s (bas|mip) .* [un] `)},
	{"lp_solve", ".mps .portable.mps", func(file, _ string) []string { return []string{"-S3", "-mps_negobjconst", "-fmps", file} },
		regexp.MustCompile(`Value of objective function: (\S+)`), regexp.MustCompile(`(?i)infeasible|unbounded`)},
	{"cbc", ".portable.lp .portable.mps", func(file, out string) []string { return []string{file, "solve", "solu", out} },
		regexp.MustCompile(`(?m)^Optimal - objective value (\S+)`), regexp.MustCompile(`(?i)infeasible|unbounded`)},
	{"highs", ".lp .mps .portable.lp .portable.mps", func(file, out string) []string { return []string{file, "--solution_file", out} },
		regexp.MustCompile(`(?m)^Model status\s*\nOptimal[\s\S]*?^Objective (\S+)`), regexp.MustCompile(`(?i)Infeasible|Unbounded`)},
}

// value is the optimum that a reader finds, NaN where it says that there is none; sign is -1 for a file that holds the negative.
func (r reader) value(t *testing.T, text []byte, name string, sign float64) float64 {
	t.Helper()
	dir := t.TempDir()
	file, out := filepath.Join(dir, name), filepath.Join(dir, "out.txt")
	if err := os.WriteFile(file, text, 0o666); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, r.name, r.solve(file, out)...)
	cmd.Dir = dir
	said, err := cmd.CombinedOutput()
	solution, _ := os.ReadFile(out)
	all := string(said) + string(solution)
	if a := r.answer.FindStringSubmatch(all); a != nil {
		v, err := strconv.ParseFloat(a[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(v) >= 1e30 { // how lp_solve writes an unbounded model
			return math.NaN()
		}
		return sign * v
	}
	if r.none.MatchString(all) {
		return math.NaN()
	}
	t.Fatalf("%s gives no answer for %s (%v):\n%s\n%s", r.name, name, err, all, text)
	return 0
}

func (r reader) takes(ending string) bool {
	for _, e := range strings.Fields(r.reads) {
		if e == ending {
			return true
		}
	}
	return false
}

// eachReader runs check with the readers that are installed; the others are skipped by name.
func eachReader(t *testing.T, check func(t *testing.T, r reader)) {
	for _, r := range readers {
		t.Run(r.name, func(t *testing.T) {
			if _, err := exec.LookPath(r.name); err != nil {
				t.Skipf("%s is not installed", r.name)
			}
			check(t, r)
		})
	}
}

var endings = []string{".lp", ".mps", ".portable.lp", ".portable.mps"}

// sameValue compares optima; NaN stands for none.
func sameValue(a, b float64) bool {
	return math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= 1e-6*(1+math.Abs(b))
}

func signOf(m *model.Model, ending string) float64 {
	if ending == ".portable.mps" {
		return m.Leader().Objective().Sense.Sign()
	}
	return 1
}

func TestReadersAgreeOnPlant(t *testing.T) {
	m := plant()
	eachReader(t, func(t *testing.T, r reader) {
		for _, ending := range endings {
			if !r.takes(ending) {
				continue
			}
			text := write(t, m, "plant"+ending)
			if got := r.value(t, text, "plant"+ending, signOf(m, ending)); !sameValue(got, 276) {
				t.Errorf("plant%s: optimum %v, by hand 276", ending, got)
			}
		}
	})
}

// SOS1 sets: of x <= 4, y <= 5, z <= 6 one may be positive, so the best of 3x, 2y, z is 12, by hand.
func TestReadersOfSets(t *testing.T) {
	m := model.New("sets")
	l := m.Leader()
	x, y, z := l.Var("x", 0, 4), l.Var("y", 0, 5), l.Var("z", 0, 6)
	l.Minimize(model.Sum(x.Times(-3), y.Times(-2), z.Neg()))
	l.Constrain("all", model.Sum(x, y, z).LE(10))
	m.AddSOS1(model.SOS1{Name: "one", Vars: []int32{0, 1, 2}})
	for _, c := range []struct{ program, ending string }{{"cbc", ".lp"}, {"cbc", ".mps"}, {"lp_solve", ".tagged.mps"}} {
		t.Run(c.program+c.ending, func(t *testing.T) {
			if _, err := exec.LookPath(c.program); err != nil {
				t.Skipf("%s is not installed", c.program)
			}
			for _, r := range readers {
				if r.name == c.program {
					if got := r.value(t, write(t, m, "sets"+c.ending), "sets"+c.ending, 1); !sameValue(got, -12) {
						t.Errorf("optimum %v, by hand -12", got)
					}
				}
			}
		})
	}
}

// A convex quadratic objective: x² + xy + y² - 2x - 4y + 5 over x + y <= 1, x, y >= 0 is smallest at (0, 1): 2, by hand.
func TestReadersOfQuadratics(t *testing.T) {
	m := model.New("bowl")
	l := m.Leader()
	x, y := l.Var("x", 0, model.Inf), l.Var("y", 0, model.Inf)
	l.Minimize(model.Sum(x.Times(x), x.Times(y), y.Times(y), x.Times(-2), y.Times(-4)).Plus(5))
	l.Constrain("sum", x.Plus(y).LE(1))
	if _, err := exec.LookPath("highs"); err != nil {
		t.Skip("highs is not installed")
	}
	for _, ending := range endings {
		for _, r := range readers {
			if r.name != "highs" {
				continue
			}
			if got := r.value(t, write(t, m, "bowl"+ending), "bowl"+ending, 1); !sameValue(got, 2) {
				t.Errorf("bowl%s: optimum %v, by hand 2", ending, got)
			}
		}
	}
}

// Random models: every reader that is installed finds the same optimum in every form of the file.
func TestReadersAgreeOnRandomModels(t *testing.T) {
	const models = 25
	type result struct {
		value float64
		from  string
	}
	first := make([]result, models)
	if b, err := backends.Open("highs"); err != nil {
		t.Logf("not compared with the HiGHS backend: %v", err)
	} else {
		for seed := range models {
			r, err := b.Solve(context.Background(), random(uint64(seed)), backends.Options{Gap: 1e-9}, nil)
			if err != nil {
				t.Fatal(err)
			}
			first[seed] = result{math.NaN(), "the HiGHS backend"}
			if r.Status == model.StatusOptimal {
				first[seed].value = r.Objective
			}
		}
	}
	eachReader(t, func(t *testing.T, r reader) {
		for seed := range models {
			m := random(uint64(seed))
			for _, ending := range endings {
				if !r.takes(ending) {
					continue
				}
				name := fmt.Sprintf("random%d%s", seed, ending)
				text := write(t, m, name)
				got := result{r.value(t, text, name, signOf(m, ending)), r.name + " on " + name}
				if first[seed].from == "" {
					first[seed] = got
				} else if !sameValue(got.value, first[seed].value) {
					t.Fatalf("%s finds %v, %s %v:\n%s", got.from, got.value, first[seed].from, first[seed].value, text)
				}
			}
		}
	})
}

// A continuous column with the name that the first marker of integer columns had before it.
func TestMarkersAreNoColumns(t *testing.T) {
	m := model.New("markers")
	p := m.Leader()
	names := []string{"M1", "x", "MM3", "M", "MMM", "M1x"}
	v := make([]model.Var, len(names))
	for j, name := range names {
		if j%2 == 1 {
			v[j] = p.Integer(name, 0, 9)
		} else {
			v[j] = p.Var(name, 0, 9)
		}
		p.Constrain(fmt.Sprintf("c%d", j), v[j].Times(2).GE(float64(2*j+1)))
	}
	p.Minimize(v[0].Plus(v[1]).Plus(v[2]).Plus(v[3]).Plus(v[4]).Plus(v[5]))
	const want = 0.5 + 2 + 2.5 + 4 + 4.5 + 6
	eachReader(t, func(t *testing.T, r reader) {
		if !r.takes(".portable.mps") {
			t.Skip("reads no MPS")
		}
		if got := r.value(t, write(t, m, "markers.portable.mps"), "markers.portable.mps", 1); !sameValue(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
	})
}
