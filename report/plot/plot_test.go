package plot_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	_ "image/png"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/internal/golden"
	"github.com/gobilevel/bilevel/report/plot"
)

var nan = math.NaN()

// one has a kink, a jump, a gap of infeasible points, one without proof and one without answer.
func one() *plot.Chart {
	return &plot.Chart{Title: "two roads", X: "demand", Y: "revenue", Lines: []plot.Line{{Points: []plot.Point{
		{X: 0, Y: nan, State: plot.Excluded}, {X: 1, Y: 10}, {X: 2, Y: 30}, {X: 3, Y: 30}, {X: 4, Y: nan, State: plot.Excluded}, {X: 5, Y: nan, State: plot.Missing},
		{X: 6, Y: -10, State: plot.Unproven}, {X: 7, Y: 5}, {X: 8, Y: 5},
	}}}}
}

func two() *plot.Chart {
	return &plot.Chart{X: "a rather long name of a parameter, too long for the room that there is between the two numbers below the axis", Lines: []plot.Line{
		{Name: "cap=3", Points: []plot.Point{{X: 1, Y: 1}, {X: 2, Y: 4}, {X: 3, Y: 9, State: plot.Unproven}}},
		{Name: "cap=5", Points: []plot.Point{{X: 1, Y: 2}, {X: 2, Y: nan, State: plot.Missing}, {X: 3, Y: 12}}},
	}}
}

func flat() *plot.Chart {
	return &plot.Chart{X: "x", Lines: []plot.Line{{Points: []plot.Point{{X: 1, Y: 7}, {X: 2, Y: 7}}}}}
}

// steps has a value that holds until the next one.
func steps() *plot.Chart {
	return &plot.Chart{X: "seconds", Lines: []plot.Line{{Steps: true, Points: []plot.Point{{X: 0, Y: 0}, {X: 2, Y: 5}, {X: 3, Y: 6}, {X: 10, Y: 6}}}}}
}

// broken jumps down at 5.
func broken() *plot.Chart {
	return &plot.Chart{X: "t", Lines: []plot.Line{{Breaks: []int{2}, Points: []plot.Point{{X: 0, Y: 0}, {X: 4.9, Y: 5}, {X: 5, Y: 0}, {X: 10, Y: 0}}}}}
}

func none() *plot.Chart {
	return &plot.Chart{X: "x", Lines: []plot.Line{{Points: []plot.Point{{X: 1, Y: nan, State: plot.Excluded}}}}}
}

func TestText(t *testing.T) {
	var all bytes.Buffer
	for _, c := range []struct {
		name    string
		chart   *plot.Chart
		columns int
	}{{"one line", one(), 60}, {"two lines", two(), 40}, {"constant", flat(), 40}, {"steps", steps(), 40}, {"broken", broken(), 40}, {"nothing to draw", none(), 40}, {"no lines", &plot.Chart{}, 10}} {
		fmt.Fprintf(&all, "== %s\n", c.name)
		if err := c.chart.WriteText(&all, c.columns); err != nil {
			t.Fatal(err)
		}
	}
	golden.Check(t, "testdata/charts.txt", all.Bytes())
}

// What lies between an infeasible point and its neighbours is not drawn.
func TestNoLineAcrossGaps(t *testing.T) {
	var b bytes.Buffer
	c := &plot.Chart{Lines: []plot.Line{{Points: []plot.Point{{X: 0, Y: 0}, {X: 1, Y: nan, State: plot.Excluded}, {X: 2, Y: 1}, {X: 3, Y: nan, State: plot.Excluded}, {X: 4, Y: 0}}}}}
	if err := c.WriteText(&b, 60); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "·") {
		t.Errorf("a line is drawn across infeasible points:\n%s", b.String())
	}
}

// failing is a writer that fails after some bytes.
type failing int

func (f *failing) Write(p []byte) (int, error) {
	if *f -= failing(len(p)); *f < 0 {
		return 0, io.ErrClosedPipe
	}
	return len(p), nil
}

func TestImages(t *testing.T) {
	for name, c := range map[string]*plot.Chart{"one": one(), "two": two(), "flat": flat(), "steps": steps(), "broken": broken(), "none": none(), "empty": {}} {
		var svg, again, png, pdf, pdfAgain bytes.Buffer
		if err := c.WriteImage(&svg, "svg"); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := c.WriteImage(&again, "SVG"); err != nil || !bytes.Equal(svg.Bytes(), again.Bytes()) {
			t.Errorf("%s: drawn twice, the SVG differs (%v)", name, err)
		}
		d := xml.NewDecoder(&again)
		paths := 0
		for {
			token, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%s: not well-formed: %v", name, err)
			}
			if e, ok := token.(xml.StartElement); ok && e.Name.Local == "path" {
				paths++
			}
		}
		if paths == 0 || strings.Contains(svg.String(), "NaN") {
			t.Errorf("%s: %d paths, or NaN in the SVG", name, paths)
		}
		if err := c.WriteImage(&png, "png"); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := errors.Join(c.WriteImage(&pdf, "pdf"), c.WriteImage(&pdfAgain, "pdf")); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		// A date that is left would differ tomorrow, so its text is looked for.
		if text := pdf.String(); text != pdfAgain.String() || !strings.HasPrefix(text, "%PDF-") || strings.Count(text, "(D:20000101000000)") != strings.Count(text, "(D:") || !strings.Contains(text, "(D:") {
			t.Errorf("%s: drawn twice, the PDF differs, or it has a date, or it is none", name)
		}
		if picture, kind, err := image.Decode(&png); err != nil || kind != "png" || picture.Bounds().Dx() < 300 {
			t.Errorf("%s: %v, %s", name, err, kind)
		}
	}
	var b bytes.Buffer
	if err := one().WriteImage(&b, "svg"); err != nil || !strings.Contains(b.String(), "infeasible") || !strings.Contains(b.String(), "demand") || !strings.Contains(b.String(), "two roads") {
		t.Errorf("the picture has no legend or labels: %v", err)
	}
	var format *plot.FormatError
	if err := one().WriteImage(&b, "gif"); !errors.As(err, &format) || !strings.Contains(err.Error(), "svg") {
		t.Errorf("a format that is not there: %v", err)
	}
	f := failing(100)
	if err := one().WriteImage(&f, "png"); err == nil {
		t.Error("a writer that fails is no error")
	}
	f = 100
	if err := one().WriteText(&f, 60); err == nil {
		t.Error("a writer that fails is no error")
	}
}
