package export_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/export"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/reform"
)

// network is a model with each of the regular forms: sums over all members, over those of a set of tuples, without one, offsets, equal
// indices in a product, numbers that are arrays and numbers that are the index, nonlinear families, and a boundary that is unlike the rest.
const network = `
set N := 1..5;
set A := {(1,2),(2,3),(1,3),(3,4),(4,5),(2,5)};
set ROAD := {"toll", "free"};
param c {(i,j) in A} := i^2 + 2*j;
param b {i in N} := if i = 1 then 3 else if i = 5 then -3 else 0;
var f {A} >= 0, <= 4;
var s {i in N} >= -i;
var y {N, N} binary;
var speed {ROAD, N} >= 1, <= 9;
minimize cost: sum {(i,j) in A} c[i,j]*f[i,j] + sum {i in N} s[i]^2 + sum {i in N} exp(s[i]/i);
subject to balance {i in N}: sum {(i,j) in A} f[i,j] - sum {(j,i) in A} f[j,i] = b[i];
subject to step {i in 2..5}: s[i] - s[i-1] >= i;
subject to others {i in N}: sum {j in N: j <> i} y[i,j] <= 2;
subject to assign {i in N}: sum {j in N} y[i,j] = 1;
subject to curve {i in N}: s[i]^2 + exp(i*s[i]) <= 10;
subject to link {(i,j) in A}: f[i,j] <= 4*y[i,j];
subject to logs {i in 1..4}: log(s[i] + 1) + s[i]*s[i+1] >= 2;
subject to limit {r in ROAD, i in N}: speed[r,i] <= 7 + s[i];
subject to slow {i in N}: speed["toll",i] >= speed["free",i];
subject to either {i in 1..4}: 0 <= s[i] + i complements f[1,2] - s[i+1] >= 0;
`

func read(t *testing.T, name, text string) *model.Model {
	t.Helper()
	m, err := modfile.Read(name, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func kkt(t *testing.T, m *model.Model) *model.Model {
	t.Helper()
	r, err := reform.KKT{}.Apply(context.Background(), m)
	if err != nil {
		t.Fatal(err)
	}
	return r.Model
}

func latex(t *testing.T, m *model.Model, more ...export.Part) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := export.WriteLaTeX(&b, m, more...); err != nil {
		t.Fatalf("%s: %v", m.Name, err)
	}
	return b.Bytes()
}

func markdown(t *testing.T, m *model.Model, more ...export.Part) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := export.WriteMarkdown(&b, m, more...); err != nil {
		t.Fatalf("%s: %v", m.Name, err)
	}
	return b.Bytes()
}

func TestGoldenMathematics(t *testing.T) {
	roads := twoRoads()
	system := export.Part{Heading: "KKT system", Model: kkt(t, roads)}
	check(t, "roads.tex", latex(t, roads, system))
	check(t, "roads.md", markdown(t, roads, system))
	for name, m := range map[string]*model.Model{"network": read(t, "network", network), "curved": curved(), "paired": paired(), "general": general(), "plant": plant(), "chosen": chosen(), "functions": trigonometry(), "chain": chain()} {
		check(t, name+".md", markdown(t, m))
	}
}

// The forms that a person would write are found.
func TestRegularForms(t *testing.T) {
	text := string(markdown(t, read(t, "network", network)))
	for _, want := range []string{
		`\sum_{i,j :\ (i, j) \in I} a^{(1)}_{i,j} \, f_{i,j}`,
		`\sum_{i=1}^{5} s_{i}^{2}`,
		`\sum_{j :\ (i, j) \in I} f_{i,j} - \sum_{j :\ (j, i) \in I} f_{j,i} = 0 && i = 2, 3`,
		`s_{i} - s_{i-1} \ge i && i = 2, \dots, 5`,
		`\sum_{j=1,\ j \ne i}^{5} y_{i,j} \le 2 && i = 1, \dots, 5`,
		`\sum_{j=1}^{5} y_{i,j} = 1 && i = 1, \dots, 5`,
		`s_{i}^{2} + \exp\left(i \, s_{i}\right) \le 10 && i = 1, \dots, 5`,
		`f_{i,j} - 4 \, y_{i,j} \le 0 && (i, j) \in I`,
		`s_{i} \, s_{i+1} + \ln\left(s_{i} + 1\right) \ge 2 && i = 1, \dots, 4`,
		`\mathit{speed}_{i,j} - s_{j} \le 7 && i \in J,\ j = 1, \dots, 5`,
		`\mathit{speed}_{\text{toll},i} - \mathit{speed}_{\text{free},i} \ge 0 && i = 1, \dots, 5`,
		`0 \le s_{i} + i \perp f_{1,2} - s_{i+1} \ge 0 && i = 1, \dots, 4`,
		`s_{i} \ge -i && i = 1, \dots, 5`,
		`y_{i,j} \in \{0, 1\} && i = 1, \dots, 5,\ j = 1, \dots, 5`,
		`J = \{\text{toll},\ \text{free}\}`,
		`a^{(1)}_{1,2} = 5,\ a^{(1)}_{2,3} = 10`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
}

// What is long is cut, and what has no form is told term by term.
func TestLongModelsAreCut(t *testing.T) {
	var b strings.Builder
	fmt.Fprintln(&b, "var x {1..60} >= 0;\nminimize f: x[1];\nsubject to irregular {i in 1..40}: sum {j in 1..60: (j*j + i*j) mod 7 < 3} (1 + (i*j) mod 4)*x[j] <= 5;")
	text := string(markdown(t, read(t, "long", b.String())))
	for _, want := range []string{`more terms)}`, `\dots\ \text{`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
	if len(text) > 60000 {
		t.Errorf("%d bytes", len(text))
	}
}

// wellFormed checks what LaTeX would stop at: braces, environments, \left and \right, double subscripts, and letters that have to be escaped.
func wellFormed(text string) error {
	var stack []string
	token := regexp.MustCompile(`\\begin\{(\w+\*?)\}|\\end\{(\w+\*?)\}|\\left(?:\\[a-z{}|]+|.)|\\right(?:\\[a-z{}|]+|.)|\\[a-zA-Z]+|\\.|[{}$&#_^%]`)
	pop := func(want string) error {
		if len(stack) == 0 || stack[len(stack)-1] != want {
			return errorf("%s is closed in %v", want, stack)
		}
		stack = stack[:len(stack)-1]
		return nil
	}
	inside := func(env string) bool {
		for _, s := range stack {
			if s == env {
				return true
			}
		}
		return false
	}
	for _, m := range token.FindAllStringSubmatch(text, -1) {
		var err error
		switch t := m[0]; {
		case m[1] != "":
			stack = append(stack, m[1])
		case m[2] != "":
			err = pop(m[2])
		case strings.HasPrefix(t, `\left`) && t != `\leftarrow`:
			stack = append(stack, "left")
		case strings.HasPrefix(t, `\right`):
			err = pop("left")
		case t == "{":
			stack = append(stack, "{")
		case t == "}":
			err = pop("{")
		case t == "&" && !inside("align*") && !inside("aligned"):
			err = errorf("an & outside of an environment that has columns")
		case (t == "_" || t == "^") && !inside("align*") && !inside("aligned"):
			err = errorf("%s outside of mathematics", t)
		case t == "#" || t == "%" || t == "$":
			err = errorf("a bare %s", t)
		}
		if err != nil {
			return err
		}
	}
	if len(stack) > 0 {
		return errorf("%v is not closed", stack)
	}
	return doubleScripts(text)
}

// doubleScripts finds x_{a}_{b} and x^{a}^{b}.
func doubleScripts(text string) error {
	for i := 0; i < len(text)-1; i++ {
		if (text[i] != '_' && text[i] != '^') || i > 0 && text[i-1] == '\\' {
			continue
		}
		seen := map[byte]bool{}
		for j := i; j < len(text)-1 && (text[j] == '_' || text[j] == '^'); {
			if seen[text[j]] {
				return errorf("two scripts at %q", text[max(0, i-20):min(len(text), j+20)])
			}
			seen[text[j]] = true
			if text[j+1] != '{' {
				break
			}
			depth := 0
			for j++; j < len(text); j++ {
				if text[j] == '{' {
					depth++
				} else if text[j] == '}' {
					if depth--; depth == 0 {
						break
					}
				}
			}
			j++
		}
	}
	return nil
}

func TestLaTeXIsWellFormed(t *testing.T) {
	odd := model.New(`50% of $x_1$ & #2 {\bad} ~^`)
	l := odd.Leader()
	x := l.VarsBy(`we_ird%{`, []string{`"a&b",1`, `"c#_d",2`, `"$",3`}, 0, model.Inf)
	u := l.Var(`\input{x}`, 0, 1)
	l.Minimize(model.Sum(x...).Plus(u.Times(u)))
	l.Constrain("a&b_%", model.Sum(x...).Plus(u).LE(1))
	odd.Notes = []string{"100 % $safe$ \\ {note}"}
	models := []*model.Model{plant(), general(), chain(), curved(), paired(), chosen(), twoRoads(), kkt(t, twoRoads()), trigonometry(), read(t, "network", network), odd, model.New("")}
	for seed := range uint64(40) {
		models = append(models, random(seed))
	}
	files, err := filepath.Glob("../examples/*/*.mod")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if _, err := os.Stat(f); err != nil {
			continue
		}
		if m, err := modfile.ReadFiles(f); err == nil {
			models = append(models, m)
		}
	}
	for _, m := range models {
		text := string(latex(t, m))
		if err := wellFormed(text); err != nil {
			t.Errorf("%s: %v\n%s", m.Name, err, text)
		}
		body := string(markdown(t, m))
		for k, part := range strings.Split(body, "$$\n") {
			if k%2 == 1 {
				if err := wellFormed(part); err != nil {
					t.Errorf("%s: %v\n%s", m.Name, err, part)
				}
			}
		}
	}
}

// The check finds what is wrong.
func TestWellFormed(t *testing.T) {
	for _, bad := range []string{`{`, `}`, `\begin{align*}`, `\begin{a}\end{b}`, `a_b`, `\left( x`, `\begin{aligned}x^{2}^{3}\end{aligned}`, `50%`, `a & b`} {
		if wellFormed(bad) == nil {
			t.Errorf("%s passes", bad)
		}
	}
}

func TestMistakesAndFullDisksInDocuments(t *testing.T) {
	m := model.New("m")
	m.Leader().Minimize(m.Leader().Var("x", 2, 1))
	if err := export.WriteLaTeX(io.Discard, m); !errors.Is(err, model.ErrContradiction) {
		t.Errorf("WriteLaTeX of contradictory bounds: %v", err)
	}
	if err := export.WriteMarkdown(io.Discard, plant(), export.Part{Heading: "x", Model: m}); !errors.Is(err, model.ErrContradiction) {
		t.Errorf("WriteMarkdown of a part with contradictory bounds: %v", err)
	}
	if err := export.WriteLaTeX(&full{100}, plant()); !errors.Is(err, errFull) {
		t.Errorf("a writer that fails: %v", err)
	}
}
