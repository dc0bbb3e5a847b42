package export_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/export"
	"github.com/gobilevel/bilevel/model"
)

// mathMLOf writes models as MathML, and checks that it is well-formed, holds no LaTeX and has as many texts as formulas ask for.
func mathMLOf(t *testing.T, m *model.Model, more ...export.Part) string {
	t.Helper()
	var b bytes.Buffer
	if err := export.WriteMathML(&b, m, more...); err != nil {
		t.Fatal(err)
	}
	d := xml.NewDecoder(strings.NewReader("<div>" + b.String() + "</div>"))
	children := []int{0}
	names := []string{""}
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, b.String())
		}
		switch e := token.(type) {
		case xml.StartElement:
			children[len(children)-1]++
			children, names = append(children, 0), append(names, e.Name.Local)
		case xml.EndElement:
			n := children[len(children)-1]
			children, names = children[:len(children)-1], names[:len(names)-1]
			if want := map[string]int{"msub": 2, "msup": 2, "munder": 2, "mover": 2, "mfrac": 2, "msubsup": 3, "munderover": 3}[e.Name.Local]; want != 0 && n != want {
				t.Errorf("%s with %d children in\n%s", e.Name.Local, n, b.String())
			}
		case xml.CharData:
			if strings.ContainsAny(string(e), `\`) {
				t.Errorf("LaTeX is left: %q", e)
			}
		}
	}
	return b.String()
}

func TestMathML(t *testing.T) {
	for _, c := range []struct {
		name string
		m    *model.Model
	}{
		{"network", read(t, "network.mod", network)},
		{"plant", plant()},
		{"general", general()},
		{"chain", chain()},
	} {
		check(t, c.name+".mathml.html", []byte(mathMLOf(t, c.m)))
	}
}

// The KKT system stands under its heading, with pairs and multipliers.
func TestMathMLOfFurtherParts(t *testing.T) {
	m := read(t, "a.mod", "upper; var x >= 0, <= 4; minimize z: x; lower f; var y >= 0; minimize c: y; subject to r: x + y >= 2;")
	text := mathMLOf(t, m, export.Part{Heading: "KKT <system>", Model: kkt(t, m)})
	for _, want := range []string{`<h3 class="stage">KKT &lt;system&gt;</h3>`, "<mo>⟂</mo>", `<mi class="name">u_r</mi>`, `<span class="label">r</span>`} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %s in\n%s", want, text)
		}
	}
}

// Each operation of the language has its form.
func TestMathMLOfOperations(t *testing.T) {
	m := read(t, "a.mod", `var x >= 0.5, <= 9; var alpha; var x_long_name;
		subject to a: (x + 1)^2 / exp(-x) + sqrt(x + alpha^2) >= abs(x - 1) + log10(x);
		subject to b: max(x, alpha, 0) + min(x, 3) + floor(x) + ceil(alpha) <= sin(x) * tanh(alpha);
		subject to c: (if x >= 2 and alpha < 1 then x^2 else exp(x)) <= 1e-7;
		minimize z: x_long_name^3;`)
	text := mathMLOf(t, m)
	for _, want := range []string{"<mfrac>", "<msqrt>", "<mo>|</mo>", "<mi>α</mi>", "<mo>⌊</mo>", "<mtable>", "<mi>tanh</mi>", "<mi>exp</mi>", `<mi class="name">x_long_name</mi>`, "<mtext>otherwise</mtext>"} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %s in\n%s", want, text)
		}
	}
}

func TestMathMLErrors(t *testing.T) {
	m := model.New("m")
	m.Leader().Var("x", 0, 1)
	m.Leader().Var("x", 0, 1)
	var mistake *model.BuildError
	if err := export.WriteMathML(io.Discard, m); !errors.As(err, &mistake) {
		t.Errorf("a model with a mistake: %v", err)
	}
	if err := export.WriteMathML(brokenPipe{}, plant()); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("a writer that fails: %v", err)
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }
