package library_test

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/bench/library"
	"github.com/gobilevel/bilevel/report/plot"
)

// run is a run of a problem that is minimised.
func run(problem string, v library.Verdict, objective float64, proof string, seconds float64) library.Run {
	return library.Run{Problem: problem, Reform: "auto", Backend: "auto", Verdict: v, Objective: library.Number(objective), Proof: proof, Seconds: seconds}
}

func TestRegressions(t *testing.T) {
	max := func(r library.Run) library.Run { r.Maximise = true; return r }
	nan := math.NaN()
	for _, c := range []struct {
		name          string
		before, after library.Run
		what          string // "" no difference, else what became worse; "+..." what became better
	}{
		{"the same", run("p", "solved", 1, "global", 1), run("p", "solved", 1, "global", 1.5), ""},
		{"verdict worse", run("p", "solved", 1, "global", 1), run("p", "worse", 2, "local", 1), "verdict"},
		{"time-out", run("p", "worse", 2, "local", 1), run("p", "time-out", 2, "feasible", 9), "verdict"},
		{"wrong is worst", run("p", "error", nan, "none", 1), run("p", "wrong", 1, "global", 1), "verdict"},
		{"verdict better", run("p", "time-out", nan, "none", 60), run("p", "solved", 1, "global", 1), "+verdict"},
		{"better becomes solved with a worse objective", run("p", "better", 1, "local", 1), run("p", "solved", 1.01, "local", 1), "objective"},
		{"objective worse within a coarse rule", run("p", "solved", 1000, "local", 1), run("p", "solved", 1000.2, "local", 1), "objective"},
		{"objective worse by rounding", run("p", "solved", 1000, "local", 1), run("p", "solved", 1000.01, "local", 1), ""},
		{"maximised", max(run("p", "unjudged", 5, "local", 1)), max(run("p", "unjudged", 4, "local", 1)), "objective"},
		{"maximised, better", max(run("p", "unjudged", 5, "local", 1)), max(run("p", "unjudged", 6, "local", 1)), "+objective"},
		{"a worse point at a time-out", run("p", "time-out", 5, "feasible", 1), run("p", "time-out", 6, "feasible", 1), "objective"},
		{"no point any more", run("p", "time-out", 5, "feasible", 1), run("p", "time-out", nan, "none", 1), "objective"},
		{"a point at last", run("p", "time-out", nan, "none", 1), run("p", "time-out", 5, "feasible", 1), "+objective"},
		{"proof weaker", run("p", "solved", 1, "global", 1), run("p", "solved", 1, "global-if-bounds", 1), "proof"},
		{"proof stronger", run("p", "solved", 1, "local", 1), run("p", "solved", 1, "global", 1), "+proof"},
		{"slower", run("p", "solved", 1, "global", 1), run("p", "solved", 1, "global", 2.1), "time"},
		{"faster", run("p", "solved", 1, "global", 1), run("p", "solved", 1, "global", 0.4), "+time"},
		{"slower below the floor", run("p", "solved", 1, "global", 0.001), run("p", "solved", 1, "global", 0.15), ""},
		{"slower to a time-out", run("p", "time-out", 1, "feasible", 1), run("p", "time-out", 1, "feasible", 9), ""},
	} {
		got := library.Compare(&library.Results{Runs: []library.Run{c.before}}, &library.Results{Runs: []library.Run{c.after}}, library.CompareOptions{})
		what := ""
		for _, x := range got.Regressions {
			what += x.What
		}
		for _, x := range got.Improvements {
			what += "+" + x.What
		}
		if what != c.what || got.Compared != 1 {
			t.Errorf("%s: %q, want %q", c.name, what, c.what)
		}
	}
	// A factor of 3 forgives what the default does not.
	a, b := run("p", "solved", 1, "global", 1), run("p", "solved", 1, "global", 2.5)
	if c := library.Compare(&library.Results{Runs: []library.Run{a}}, &library.Results{Runs: []library.Run{b}}, library.CompareOptions{Factor: 3}); len(c.Regressions) != 0 {
		t.Errorf("%+v", c)
	}
	// Runs that only one has are counted and are no regressions.
	other := a
	other.Problem = "q"
	if c := library.Compare(&library.Results{Runs: []library.Run{a, other}}, &library.Results{Runs: []library.Run{{Problem: "r", Reform: "auto", Backend: "auto"}, b}}, library.CompareOptions{}); c.Missing != 1 || c.New != 1 || c.Compared != 1 || len(c.Regressions) != 1 ||
		c.Regressions[0].Text != "2.5 s, was 1 s" || c.Regressions[0].Way != "auto -> auto" {
		t.Errorf("%+v", c)
	}
}

// profiled are three problems on two ways, by hand: the first is quick on one, slow on two; the second is solved by two only; the third by none. A fourth is
// not judged and does not count.
func profiled() *library.Results {
	two := func(r library.Run) library.Run { r.Backend = "two"; return r }
	return &library.Results{Runs: []library.Run{
		run("a", "solved", 1, "global", 1), two(run("a", "better", 1, "global", 4)),
		run("b", "time-out", 1, "feasible", 60), two(run("b", "solved", 1, "global", 10)),
		run("c", "wrong", 1, "global", 1), two(run("c", "refused", 1, "none", 1)),
		run("d", "unjudged", 1, "global", 1), two(run("d", "unjudged", 1, "global", 1)),
	}}
}

func TestProfile(t *testing.T) {
	p := profiled().Profile(0)
	if p.Problems != 3 || p.Absolute || len(p.Ways) != 2 || p.Largest() != 4 {
		t.Fatalf("%+v", p)
	}
	for _, c := range []struct {
		way     int
		x, want float64
	}{{0, 1, 1. / 3}, {1, 1, 1. / 3}, {0, 100, 1. / 3}, {1, 3.9, 1. / 3}, {1, 4, 2. / 3}, {1, math.Inf(1), 2. / 3}} {
		if got := p.Share(c.way, c.x); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("way %d within %g: %g, want %g", c.way, c.x, got, c.want)
		}
	}
	// Times below the floor are equal.
	quick := &library.Results{Runs: profiled().Runs[:2]}
	quick.Runs[0].Seconds, quick.Runs[1].Seconds = 0.0001, 0.004
	if p := quick.Profile(0); p.Share(1, 1) != 1 {
		t.Errorf("4 ms against 0.1 ms: %+v", p)
	}
	// With a single way the times themselves are shown.
	single := &library.Results{Runs: []library.Run{run("a", "solved", 1, "global", 3)}}
	if p := single.Profile(0); !p.Absolute || p.Share(0, 2.9) != 0 || p.Share(0, 3) != 1 {
		t.Errorf("%+v", p)
	}
	if p := (&library.Results{}).Profile(0); p.Problems != 0 || p.Largest() != 1 {
		t.Errorf("%+v", p)
	}
}

func TestProfilePicture(t *testing.T) {
	p := profiled().Profile(0)
	c := &plot.Profile{Title: "trial", X: "ratio", Y: "solved", Names: []string{p.Ways[0].String(), p.Ways[1].String()}, Values: p.Ratios, Of: p.Problems}
	var svg, png bytes.Buffer
	if err := c.WriteImage(&svg, "svg"); err != nil {
		t.Fatal(err)
	}
	if err := c.WriteImage(&png, "png"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"auto -&gt; auto", "auto -&gt; two", "100 %", "trial", "ratio"} {
		if !strings.Contains(svg.String(), want) {
			t.Errorf("the picture does not say %q", want)
		}
	}
	if !bytes.HasPrefix(png.Bytes(), []byte("\x89PNG")) {
		t.Error("no PNG")
	}
	var pdf bytes.Buffer
	if err := c.WriteImage(&pdf, "pdf"); err != nil || !bytes.HasPrefix(pdf.Bytes(), []byte("%PDF")) {
		t.Errorf("no PDF: %v", err)
	}
	if err := c.WriteImage(&svg, "bmp"); err == nil {
		t.Error("BMP is drawn")
	}
	empty := &plot.Profile{Names: []string{"none"}, Values: [][]float64{nil}}
	if err := empty.WriteImage(&svg, "svg"); err != nil {
		t.Errorf("nothing to draw: %v", err)
	}
}

func TestWays(t *testing.T) {
	if got := profiled().Ways(); len(got) != 2 || got[1] != (bilevel.Way{Reform: "auto", Backend: "two"}) {
		t.Errorf("%v", got)
	}
}
