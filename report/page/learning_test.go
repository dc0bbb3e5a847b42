package page_test

import (
	"bytes"
	"encoding/xml"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/internal/browser"
	"github.com/gobilevel/bilevel/report/page"
)

// ways is a page of two methods, the second of which was stopped and has found nothing better.
func ways() *page.Learning {
	return &page.Learning{Name: `<i>&"data"`, Facts: [][2]string{{"task", "svc"}, {"folds", "3"}}, Loss: "hinge",
		Methods: []page.LearningMethod{
			{Name: "bilevel", CV: 0.25, Test: 0.3, Trainings: 30, Gradients: 4, Seconds: 2, Chosen: "C 2", Way: []page.LearningPoint{
				{Seconds: 0.5, CV: 1, Norm: nan, Trainings: 3}, {Seconds: 1, CV: 1, Norm: 0.75, Trainings: 3, Gradients: 1}, {Seconds: 1.5, CV: 0.25, Norm: nan, Trainings: 6, Gradients: 1}}},
			{Name: "grid", CV: 0.5, Test: nan, Trainings: 27, Seconds: 4, Chosen: "C 1", Stopped: true, Way: []page.LearningPoint{{Seconds: 3, CV: 0.5, Norm: nan, Trainings: 27}}},
		},
		Features: []string{"</script>", "b"}, Weights: []float64{1, -2}, Shift: []float64{0, 1}, Size: []float64{1, 2}, Intercept: 0.5,
	}
}

func learningText(t *testing.T, l *page.Learning) string {
	t.Helper()
	var b bytes.Buffer
	if err := page.WriteLearning(&b, l); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The still picture is well-formed, has a title and a description, and its lines go to the right places.
func TestLearningStill(t *testing.T) {
	text := learningText(t, ways())
	svg := regexp.MustCompile(`(?s)<noscript><div class="chart">(<svg.*?</svg>)`).FindStringSubmatch(text)
	if svg == nil {
		t.Fatal("there is no still picture")
	}
	d := xml.NewDecoder(strings.NewReader(svg[1]))
	for {
		if _, err := d.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatalf("the picture is not well-formed: %v\n%s", err, svg[1])
		}
	}
	// The axis goes from 0.5 to 4 s over 798 units from 90 on, and from 0.205 to 1.045 over the 262 units up from 284: 1 s lies at 90+798/7, the loss 1
	// at 284-262*0.795/0.84.
	for _, want := range []string{`aria-labelledby="ways-title"`, `<desc id="ways-desc">bilevel ends after 2.0 s at 0.25; grid ends after 4.0 s at 0.5.</desc>`,
		`d="M90 36.04H318V269.96H432V269.96"`, `d="M660 191.99H888V191.99"`} {
		if !strings.Contains(svg[1], want) {
			t.Errorf("the picture has no %s:\n%s", want, svg[1])
		}
	}
	if !strings.Contains(text, "C 1 (stopped)") || strings.Contains(text, `<i>&"data"`) || strings.Count(text, "</script>") != 4 {
		t.Error("the page does not say what was stopped, or a text of the data is HTML")
	}
}

// A page of nothing, of one point, and of equal losses can be written.
func TestLearningLittle(t *testing.T) {
	for _, l := range []*page.Learning{
		{Name: "none"},
		{Name: "point", Methods: []page.LearningMethod{{Name: "grid", CV: 0, Test: nan, Way: []page.LearningPoint{{Norm: nan}}}}},
		{Name: "no way", Methods: []page.LearningMethod{{Name: "grid", CV: 1, Test: nan}}},
	} {
		still := regexp.MustCompile(`(?s)<svg.*?</svg>`).FindString(learningText(t, l))
		if strings.Contains(still, "NaN") || strings.Contains(still, "Inf") || (still == "") != (l.Methods == nil) {
			t.Errorf("%s: %s", l.Name, still)
		}
	}
}

// TestLearningInBrowser looks at the page in a headless Chromium.
func TestLearningInBrowser(t *testing.T) {
	b := browser.Start(t)
	f := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(f, []byte(learningText(t, ways())), 0o644); err != nil {
		t.Fatal(err)
	}
	p := open(t, b, f, 1000, false)
	equal(t, "title", p.Text("document.title"), `<i>&"data": hyperparameters`)
	equal(t, "features", cells(p, "weights", 1), []string{"</script>", "b"})
	equal(t, "what the chart is described by", p.Text(`document.getElementById(document.querySelector('[data-chart=ways] svg').getAttribute('aria-describedby')).textContent`),
		"bilevel ends after 2.0 s at 0.25; grid ends after 4.0 s at 0.5.")
	p.Eval("document.querySelector('details').open = true", nil)
	equal(t, "lines of the chart", p.Text(`document.querySelectorAll('[data-chart=ways] path.way').length`), "2")
	quiet(t, p, f)
}
