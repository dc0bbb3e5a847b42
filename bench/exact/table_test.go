package main

import (
	"bytes"
	"errors"
	"math"
	"path/filepath"
	"testing"

	"github.com/gobilevel/bilevel/internal/golden"
	"github.com/gobilevel/bilevel/model"
)

func TestMeans(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		v               []float64
		median, geomean float64
	}{
		{[]float64{3}, 3, 3}, {[]float64{8, 2}, 5, 4}, {[]float64{9, 1, 3}, 3, 3}, {[]float64{1, inf, 2}, 2, inf}, {[]float64{inf, 1, inf, 2}, inf, inf}, {[]float64{0.25, 4}, 2.125, 1},
	} {
		if got := median(c.v); got != c.median {
			t.Errorf("median of %g: %g, want %g", c.v, got, c.median)
		}
		if got := geometricMean(c.v); got != c.geomean && math.Abs(got-c.geomean) > 1e-12 {
			t.Errorf("geometric mean of %g: %g, want %g", c.v, got, c.geomean)
		}
	}
	if !math.IsNaN(median(nil)) || !math.IsNaN(geometricMean(nil)) {
		t.Error("nothing has a mean")
	}
}

// played are contests with made-up times.
func played() []*contest {
	svr, toll := sources[0], sources[2]
	list := []*contest{
		{instance: instance{svr, []int{2, 10}, 1234}, outcomes: []outcome{found("ours", 0.5, 0.5, 0.04), found("highs", 0.5, 0.5, 0.08), found("cbc", 0.5, 0.5, 0.02)}},
		{instance: instance{svr, []int{2, 10}, 2345}, outcomes: []outcome{found("ours", 0.25, 0.25, 2), found("highs", 0.3, 0.3, 0.1), found("cbc", 0.25, 0.25, 4)}},
		{instance: instance{svr, []int{2, 10}, 3456}, outcomes: []outcome{none("ours", 0.04), none("highs", 0.5), none("cbc", 0.04)}},
		{instance: instance{svr, []int{5, 50}, 1234}, outcomes: []outcome{late("ours", 1, 0.98, 60), late("highs", 1.5, 0.75, 60), broken("cbc")}},
		{instance: instance{svr, []int{5, 50}, 2345}, outcomes: []outcome{late("ours", 1, 0.99, 60), late("highs", nan, 0.75, 60), late("cbc", 2, 0.5, 60)}},
		{instance: instance{toll, []int{5}, 1234}, sense: model.Maximize, outcomes: []outcome{found("ours", 17.5, 17.5, 0.05), found("highs", 17.5, nan, 0.1), late("cbc", nan, 3000, 5)}},
	}
	for _, c := range list {
		c.optimum = nan
		c.judge()
	}
	return list
}

func TestTables(t *testing.T) {
	var b bytes.Buffer
	list := played()
	for _, c := range list {
		b.WriteString(c.line() + "\n")
	}
	b.WriteString("\n" + sizesTable(list, []string{"highs", "cbc"}) + "\n" + summary(list))
	golden.Check(t, filepath.Join("testdata", "tables.txt"), b.Bytes())
}

func TestCSV(t *testing.T) {
	var b bytes.Buffer
	l := newCSV(&b)
	for _, c := range played() {
		c.outcomes[0].note = "optimal, 3 nodes"
		if err := l.write(c); err != nil {
			t.Fatal(err)
		}
	}
	golden.Check(t, filepath.Join("testdata", "runs.csv"), b.Bytes())
	if err := (*csvLog)(nil).write(played()[0]); err != nil {
		t.Error(err)
	}
	if err := newCSV(full{}).write(played()[0]); !errors.Is(err, errFull) {
		t.Errorf("a writer that fails: %v", err)
	}
}

type full struct{}

var errFull = errors.New("no room")

func (full) Write([]byte) (int, error) { return 0, errFull }
