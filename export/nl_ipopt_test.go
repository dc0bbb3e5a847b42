package export_test

import (
	"bytes"
	"context"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/export"
	"github.com/gobilevel/bilevel/model"
)

// Ipopt's AMPL driver finds the known optima of exported models, in both forms of the file.
func TestIpoptReadsNL(t *testing.T) {
	if _, err := exec.LookPath("ipopt"); err != nil {
		t.Skip("ipopt, the driver for AMPL, is not installed")
	}
	for _, c := range []struct {
		name   string
		m      *model.Model
		want   float64
		reason string
	}{
		{"hs71", hs71(), 17.0140173, "Hock and Schittkowski (1981), problem 71"},
		{"shared", sharedExp(), -2, "by hand: s + 1/s is least at s = 1, so x = y, and the square is zero at x = 2; the constraint s + x >= 3 holds there"},
		{"relaxed", relaxedPair(), 1, "by hand: of two pairs x ⟂ y each has one member at its target, at the cost 1/2 for the other"},
	} {
		x, printed := solveNL(t, c.m, false)
		for r := range c.m.NumRows() {
			if v := c.m.RowViolation(r, x); v > 1e-6 {
				t.Errorf("%s: constraint %s is violated by %v", c.name, c.m.RowName(r), v)
			}
		}
		if got := c.m.ObjectiveValue(0, x); math.Abs(got-c.want) > 1e-5*math.Max(1, math.Abs(c.want)) {
			t.Errorf("%s: optimum %v, want %v (%s)", c.name, got, c.want, c.reason)
		}
		if _, again := solveNL(t, c.m, true); again != printed {
			t.Errorf("%s: of the binary form ipopt says %q, of the text form %q", c.name, again, printed)
		}
	}
}

// hs71 is min x1 x4 (x1 + x2 + x3) + x3, x1 x2 x3 x4 >= 25, x1² + x2² + x3² + x4² = 40, 1 <= x <= 5.
func hs71() *model.Model {
	m := model.New("hs71")
	l := m.Leader()
	x := l.Vars("x", 4, 1, 5)
	for j, s := range []float64{1, 5, 5, 1} {
		x[j].Start(s)
	}
	l.Minimize(x[0].Times(x[3]).Times(model.Sum(x[:3]...)).Plus(x[2]))
	l.Constrain("product", x[0].Times(x[1]).Times(x[2]).Times(x[3]).GE(25))
	l.Constrain("norm", model.Sum(x[0].Times(x[0]), x[1].Times(x[1]), x[2].Times(x[2]), x[3].Times(x[3])).Eq(40))
	return m
}

// sharedExp maximises -(s + 1/s + (x-2)²) subject to s + x >= 3 with s = exp(x-y), and has linear rows of each kind.
func sharedExp() *model.Model {
	m := model.New("shared")
	l := m.Leader()
	idle := l.Var("idle", -1, 1)
	x, y := l.Var("x", 0, 10).Start(1), l.Var("y", -5, model.Inf).Start(3)
	s := model.Exp(x.Minus(y))
	l.Maximize(model.Sum(s, model.Const(1).Over(s), x.Minus(2).Pow(2)).Neg())
	l.Constrain("range", x.Plus(y).Plus(idle).Between(1, 9))
	l.Constrain("shared", s.Plus(x).GE(3))
	l.Constrain("fixed", idle.Eq(0.5))
	m.AddRow(0, "watch", model.Function{Const: 1, Vars: []int32{0}, Coefs: []float64{1}}, -model.Inf, model.Inf)
	return m
}

// relaxedPair is min ½ Σ (x_i - 1)² + (y_i - 1)² with x_i y_i <= 1e-8 in place of 0 <= x_i ⟂ y_i >= 0.
func relaxedPair() *model.Model {
	m := model.New("relaxed")
	l := m.Leader()
	x, y := l.Vars("x", 2, 0, model.Inf), l.Vars("y", 2, 0, model.Inf)
	var terms []model.Expr
	for i := range x {
		x[i].Start(0.5 + float64(i))
		y[i].Start(1.5 - float64(i))
		terms = append(terms, x[i].Minus(1).Pow(2), y[i].Minus(1).Pow(2))
	}
	l.Minimize(model.Sum(terms...).Times(0.5))
	l.ConstrainEach("pair", 2, func(i int) model.Relation { return x[i].Times(y[i]).LE(1e-8) })
	return m
}

// solveNL returns the point that the driver writes, in the order of the model's variables, and its line of the objective. The driver answers
// a binary file with a binary solution, which is not read.
func solveNL(t *testing.T, m *model.Model, binary bool) (x []float64, objective string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "m.nl"), nl(t, m, binary), 0o666); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "ipopt", "m.nl", "-AMPL", "tol=1e-9")
	cmd.Dir = dir
	said, err := cmd.CombinedOutput()
	text, readErr := os.ReadFile(filepath.Join(dir, "m.sol"))
	if err != nil || readErr != nil {
		t.Fatalf("%s: ipopt: %v, %v:\n%s", m.Name, err, readErr, said)
	}
	for line := range strings.Lines(string(said)) {
		if strings.HasPrefix(line, "Objective") {
			objective = line
		}
	}
	if binary {
		return nil, objective
	}
	var cols, rows bytes.Buffer
	if err := export.WriteNLNames(&cols, &rows, m); err != nil {
		t.Fatal(err)
	}
	names := strings.Fields(cols.String())
	x = make([]float64, m.NumVars())
	for at, v := range primal(t, string(text)) {
		j, ok := m.VarByName(names[at])
		if !ok {
			t.Fatalf("%s: there is no variable %s", m.Name, names[at])
		}
		x[j.Index()] = v
	}
	return x, objective
}

// primal finds the values of the variables in a solution file: after the word Options come their number and they themselves, the numbers of
// constraints, multipliers, variables and values, the multipliers, and the values.
func primal(t *testing.T, text string) []float64 {
	t.Helper()
	_, rest, ok := strings.Cut(text, "Options")
	words := strings.Fields(rest)
	num := func(k int) float64 {
		if k >= len(words) {
			t.Fatalf("a solution file that ends too early:\n%s", text)
		}
		v, err := strconv.ParseFloat(words[k], 64)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	if !ok {
		t.Fatalf("a solution file without options:\n%s", text)
	}
	at := 1 + int(num(0))
	duals, values := int(num(at+1)), int(num(at+3))
	out := make([]float64, values)
	for k := range out {
		out[k] = num(at + 4 + duals + k)
	}
	return out
}
