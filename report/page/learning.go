package page

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/gobilevel/bilevel/report"
)

// Learning is what a page about a choice of hyperparameters shows.
type Learning struct {
	Name    string      // of the data
	Facts   [][2]string // what was asked for, as pairs of name and value
	Loss    string      // the leader's
	Methods []LearningMethod
	Remarks []string
	// The model of the first method: a weight a feature, and the prediction's Intercept.
	Features  []string
	Weights   []float64
	Shift     []float64 // features are scaled by (x - Shift)/Size
	Size      []float64
	Intercept float64
	// PerFeature names the hyperparameters of single features and lists them; empty where there are none.
	PerFeature string
	Each       []float64
}

// LearningMethod is the outcome of one method. What does not exist is NaN.
type LearningMethod struct {
	Name                 string
	CV, Test             float64
	Trainings, Gradients int
	Seconds              float64
	Chosen               string // its hyperparameters, in words
	Stopped              bool   // before its end
	Way                  []LearningPoint
}

// LearningPoint is where a method stood at a time.
type LearningPoint struct {
	Seconds   float64
	CV        float64 // the least validation loss so far
	Norm      float64 // of the hypergradient taken there, NaN where none was
	Trainings int
	Gradients int
}

// WriteLearning writes the page.
func WriteLearning(w io.Writer, p *Learning) error {
	d := &document{w: bufio.NewWriterSize(w, 1<<16)}
	l := &learningPage{d, p}
	d.page(p.Name, "hyperparameters", l.verdict, l.sections())
	if d.err != nil {
		return d.err
	}
	return d.w.Flush()
}

type learningPage struct {
	*document
	l *Learning
}

func (d *learningPage) verdict() {
	best := d.best()
	if best == nil {
		d.line(`<p><span class="verdict bad">No answer.</span> No method has found hyperparameters.</p>`)
		return
	}
	text := "The least validation loss (" + d.l.Loss + ") is " + report.Number(best.CV) + ", found by " + best.Name
	if !math.IsNaN(best.Test) {
		text += "; on the test set the loss is " + report.Number(best.Test)
	}
	d.line(`<p><span class="verdict good">Chosen.</span> `, esc(text), `. The point is a local answer: no proof says that there is none better.</p>`)
}

// best is the method with the least validation loss, the first of them; nil where there is none.
func (d *learningPage) best() *LearningMethod {
	var best *LearningMethod
	for k := range d.l.Methods {
		if m := &d.l.Methods[k]; best == nil || m.CV < best.CV {
			best = m
		}
	}
	return best
}

func (d *learningPage) sections() []section {
	list := []section{{"answer", "Answer", d.answer}}
	if len(d.l.Methods) > 0 {
		list = append(list, section{"progress", "Validation loss over time", d.ways})
	}
	if len(d.l.Weights) > 0 {
		list = append(list, section{"weights", "Trained model", d.weights})
	}
	return list
}

// answer is the table of the methods and what was asked for.
func (d *learningPage) answer() {
	d.line(`<dl class="facts">`)
	for _, f := range d.l.Facts {
		d.line(`<div><dt>`, esc(f[0]), `</dt><dd>`, esc(f[1]), `</dd></div>`)
	}
	d.line(`</dl>`)
	d.line(`<div class="plain"><table><caption class="soft">Methods, on the same samples and folds</caption>`)
	d.line(`<thead><tr><th scope="col">method</th><th scope="col" class="number">validation loss</th><th scope="col" class="number">test loss</th>`,
		`<th scope="col" class="number">trainings</th><th scope="col" class="number">hypergradients</th><th scope="col" class="number">seconds</th><th scope="col">chosen</th></tr></thead>`)
	d.line(`<tbody>`)
	for _, m := range d.l.Methods {
		chosen := m.Chosen
		if m.Stopped {
			chosen += " (stopped)"
		}
		d.puts(`<tr><th scope="row">`, esc(m.Name), `</th>`)
		for _, v := range []string{report.Number(m.CV), report.Number(m.Test), strconv.Itoa(m.Trainings), strconv.Itoa(m.Gradients), strconv.FormatFloat(m.Seconds, 'f', 2, 64)} {
			d.puts(`<td class="number">`, esc(v), `</td>`)
		}
		d.line(`<td>`, esc(chosen), `</td></tr>`)
	}
	d.line(`</tbody></table></div>`)
	d.list(d.l.Remarks)
}

// ways draws the least validation losses over time, says in words what is seen, and lists the numbers.
func (d *learningPage) ways() {
	c := &chart{x: "seconds", y: "least validation loss, " + d.l.Loss, here: math.NaN(), words: "ways-words"}
	var words []string
	for k, m := range d.l.Methods {
		s := series{name: m.Name, kind: "step", colour: k}
		for _, p := range m.Way {
			if n := len(s.points); n == 0 || p.CV < s.points[n-1][1] {
				s.points = append(s.points, []float64{p.Seconds, p.CV})
			}
		}
		if len(s.points) == 0 {
			continue
		}
		if last := s.points[len(s.points)-1]; m.Seconds > last[0] {
			s.points = append(s.points, []float64{m.Seconds, last[1]})
		}
		c.series = append(c.series, s)
		words = append(words, fmt.Sprintf("%s ends after %s at %s", m.Name, report.Seconds(m.Seconds), report.Number(m.CV)))
	}
	text := strings.Join(words, "; ") + "."
	d.line(`<figure>`)
	d.still("ways", "Least validation loss over time", text, c)
	d.chart("ways", "Least validation loss over time", c)
	d.line(`<figcaption id="ways-words">`, esc(text), `</figcaption></figure>`)
	d.line(`<details><summary>The numbers as a table</summary>`)
	var method []int
	var names []string
	var seconds, cv, norm, trainings, gradients []float64
	for k, m := range d.l.Methods {
		names = append(names, m.Name)
		for _, p := range m.Way {
			method, seconds, cv, norm = append(method, k), append(seconds, p.Seconds), append(cv, p.CV), append(norm, p.Norm)
			trainings, gradients = append(trainings, float64(p.Trainings)), append(gradients, float64(p.Gradients))
		}
	}
	t := &dataTable{rows: len(seconds), value: -1}
	t.choice("method", names, method)
	t.numbers("seconds", seconds)
	t.numbers("validation loss", cv)
	t.numbers("norm of the hypergradient", norm)
	t.numbers("trainings", trainings)
	t.numbers("hypergradients", gradients)
	d.dataTable("history", "Ways of the methods", t)
	d.line(`</details>`)
}

// weights lists the trained model of the first method.
func (d *learningPage) weights() {
	d.line(`<p>The model of `, esc(d.l.Methods[0].Name), `, trained on all samples that are not kept for the test. It predicts w'z - b with b = `, esc(report.Number(d.l.Intercept)), `, where z is a sample
scaled by (x - shift) / size.</p>`)
	t := &dataTable{rows: len(d.l.Weights), value: 1}
	t.texts("feature", d.l.Features)
	t.numbers("weight", d.l.Weights)
	if len(d.l.Each) > 0 {
		t.numbers(d.l.PerFeature, d.l.Each)
	}
	t.numbers("shift", d.l.Shift)
	t.numbers("size", d.l.Size)
	d.dataTable("weights", "Weights", t)
}
