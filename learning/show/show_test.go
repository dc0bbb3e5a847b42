package show_test

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/learning"
	"github.com/gobilevel/bilevel/learning/show"
	"github.com/gobilevel/bilevel/report/plot"
)

// result has three methods on samples of two features.
func result(t *testing.T) *learning.Result {
	t.Helper()
	text := "first <b>,second,y\n"
	for i := range 30 {
		text += fmt.Sprintf("%d,%d,%d\n", i%7, i*5%11, i%7*3-i*5%11+i%2)
	}
	d, err := learning.Read(strings.NewReader(text), "drawn", learning.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := learning.Tune(context.Background(), d, learning.Ridge, learning.Options{Methods: learning.MethodNames[:3], PerFeature: true, TestShare: 0.2})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The lines fall to the least losses and end at the times of the methods.
func TestChart(t *testing.T) {
	r := result(t)
	c := show.Chart("drawn", r)
	if len(c.Lines) != len(r.Runs) {
		t.Fatalf("%d lines", len(c.Lines))
	}
	for k, l := range c.Lines {
		run := r.Runs[k]
		last := l.Points[len(l.Points)-1]
		if l.Name != run.Method || !l.Steps || last.Y != run.CV || math.Abs(last.X-run.Elapsed.Seconds()) > 1e-12 {
			t.Errorf("%s: %+v", run.Method, last)
		}
		for i, p := range l.Points {
			if p.State != plot.Unproven || i > 0 && (p.X < l.Points[i-1].X || p.Y > l.Points[i-1].Y) {
				t.Errorf("%s: %+v", run.Method, l.Points)
			}
			if at := run.History.At(time.Duration(p.X*float64(time.Second)) + time.Microsecond); at > p.Y {
				t.Errorf("%s: %v at %v s, the history has %v", run.Method, p.Y, p.X, at)
			}
		}
	}
}

// The page has the numbers of the result, and texts are texts.
func TestWritePage(t *testing.T) {
	r := result(t)
	var a, b bytes.Buffer
	if err := show.WritePage(&a, `<script>"data"`, r); err != nil {
		t.Fatal(err)
	}
	if err := show.WritePage(&b, `<script>"data"`, r); err != nil || a.String() != b.String() {
		t.Errorf("written twice, the page differs: %v", err)
	}
	text := a.String()
	for _, want := range []string{`&lt;script&gt;&#34;data&#34;`, `<th scope="row">random</th>`, fmt.Sprintf(`<td class="number">%d</td>`, r.Runs[0].Trainings), "penalties ", `"penalty"`, "<title id=\"ways-title\">", "<desc id=\"ways-desc\">"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	if strings.Contains(text, "first <b>") {
		t.Error("the name of a feature is HTML")
	}
}

func TestWords(t *testing.T) {
	h := learning.Hyper{C: 2, Epsilon: 0.125, L1: 3, L2: 4, Box: []float64{1, 0.5}}
	for _, c := range []struct {
		task learning.Task
		want string
	}{
		{learning.SVC, "C 2, bounds 0.5 to 1"}, {learning.SVR, "C 2, epsilon 0.125, bounds 0.5 to 1"}, {learning.Ridge, "l2 4"},
		{learning.Lasso, "l1 3"}, {learning.ElasticNet, "l1 3, l2 4"}, {learning.Logistic, "l2 4"},
	} {
		if got := show.Words(h, c.task); got != c.want {
			t.Errorf("%v: %q, want %q", c.task, got, c.want)
		}
	}
	if got := show.Words(learning.Hyper{Weights: []float64{2, 8}}, learning.Ridge); got != "penalties 2 to 8" {
		t.Errorf("%q", got)
	}
}
