package page_test

import (
	"bytes"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/report"
	"github.com/gobilevel/bilevel/report/page"
	"github.com/gobilevel/bilevel/verify"
)

// The page names no address, loads nothing and has no handler in an attribute; the same input gives the same bytes.
func TestPageIsCompleteInItself(t *testing.T) {
	text := string(write(t, full(t)))
	for _, pattern := range []string{`(?i)https?://(?:[^w]|w[^w]|ww[^w]|www\.[^w])`, `(?i)\ssrc=`, `url\((?:[^#]|$)`, `(?i)@import`, `(?i)<link`, `(?i)\son[a-z]+=`, `(?i)\sstyle=`} {
		if hit := regexp.MustCompile(pattern).FindString(text); hit != "" {
			t.Errorf("the page has %q", hit)
		}
	}
	for _, href := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(text, -1) {
		if id := strings.TrimPrefix(href[1], "#"); id == href[1] || !strings.Contains(text, `id="`+id+`"`) {
			t.Errorf("a link leads to %q", href[1])
		}
	}
	if again := string(write(t, full(t))); again != text {
		t.Error("written twice, the page differs")
	}
	for _, part := range []string{"Answer", "Model", "Structure", "Plan", "Progress", "Solution", "Certificate", "Response", "Network"} {
		if !strings.Contains(text, "<h2 id=\"h-"+strings.ToLower(part)+"\">"+part+"</h2>") {
			t.Errorf("there is no part %s", part)
		}
	}
}

// Tags are closed in the order in which they were opened.
func TestTagsAreBalanced(t *testing.T) {
	for name, p := range map[string]*page.Page{"full": full(t), "hostile": hostile(), "small": large(3)} {
		text := string(write(t, p))
		text = regexp.MustCompile(`(?s)<(script|style)[^>]*>.*?</(script|style)>`).ReplaceAllString(text, "")
		var stack []string
		for _, m := range regexp.MustCompile(`<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*>`).FindAllStringSubmatch(text, -1) {
			switch tag := m[2]; {
			case tag == "meta":
			case m[1] == "":
				stack = append(stack, tag)
			case len(stack) == 0 || stack[len(stack)-1] != tag:
				t.Fatalf("%s: </%s> closes %v", name, tag, stack)
			default:
				stack = stack[:len(stack)-1]
			}
		}
		if len(stack) > 0 {
			t.Errorf("%s: %v are not closed", name, stack)
		}
	}
}

func TestHostileTextsAreEscaped(t *testing.T) {
	text := string(write(t, hostile()))
	for _, s := range []string{"<svg onload", "<img", "<b>", "<i>", "<u>", `<script>alert`} {
		if strings.Contains(text, s) {
			t.Errorf("the page contains %q as it stands in a name", s)
		}
	}
	if !strings.Contains(text, "&lt;svg onload=&#34;alert(2)&#34;&gt;") || !strings.Contains(text, `\u003csvg onload=\"alert(2)\"\u003e`) {
		t.Error("the texts are not there as texts")
	}
}

func TestErrorsOfThePage(t *testing.T) {
	m := model.New("m")
	m.Leader().Var("x", 0, 1)
	m.Leader().Var("x", 0, 1)
	var mistake *model.BuildError
	if err := page.Write(io.Discard, &page.Page{Summary: &report.Summary{Model: m}}); !errors.As(err, &mistake) {
		t.Errorf("a model with a mistake: %v", err)
	}
	if err := page.Write(failing{}, full(t)); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("a writer that fails: %v", err)
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// A page without a point has no tables, and says what there is.
func TestPageWithoutPoint(t *testing.T) {
	m := read(t, roads)
	text := string(write(t, &page.Page{Summary: &report.Summary{Model: m, Status: model.StatusInfeasible, Proof: model.ProofInfeasible, Objective: nan, Bound: nan, Gap: nan,
		Seconds: nan, Optimistic: nan, Pessimistic: nan, Infimum: nan}}))
	if strings.Contains(text, `data-table="`+"variables") || !strings.Contains(text, "infeasible: it is proven that no point satisfies both levels") || strings.Contains(text, "NaN<") {
		t.Error("the page of an infeasible model is wrong")
	}
}

func TestSentences(t *testing.T) {
	m := read(t, roads)
	good := func() *verify.Certificate {
		return &verify.Certificate{Objective: 3, Tolerance: 1e-6, Verified: true, Method: "highs LP", Evidence: verify.EvidenceProof, Pessimistic: 3, Optimistic: 3,
			Followers: []verify.FollowerCheck{{Name: "drivers"}}}
	}
	for _, c := range []struct {
		name   string
		change func(*verify.Certificate)
		want   string
	}{
		{"exact", func(c *verify.Certificate) {}, "All constraints and bounds of the leader hold exactly."},
		{"optimal", func(c *verify.Certificate) {}, "The follower was solved again at the leader's decision (highs LP): its answer is optimal, with a relative gap of 0."},
		{"proof", func(c *verify.Certificate) {}, "That rests on a bound that was proven here"},
		{"no ties", func(c *verify.Certificate) {}, "No tie costs the leader anything"},
		{"ties", func(c *verify.Certificate) { c.Pessimistic = 1 }, "the worst one for the leader gives 1 instead of 3."},
		{"ties unknown", func(c *verify.Certificate) { c.Pessimistic, c.Spread = nan, "too hard" }, "is not known: too hard."},
		{"violated", func(c *verify.Certificate) { c.LeaderViolation, c.LeaderWorst = 0.5, "quiet" }, "hold up to 0.5, at quiet."},
		{"better answer", func(c *verify.Certificate) { c.FollowerGap, c.Verified = 0.25, false }, "A follower has a better answer to this decision: the relative gap is 0.25"},
		{"not solved", func(c *verify.Certificate) { c.FollowerGap, c.Verified = nan, false }, "Not every follower could be solved again"},
		{"searched", func(c *verify.Certificate) { c.Evidence = verify.EvidenceSearch }, "nothing excludes one"},
	} {
		cert := good()
		c.change(cert)
		if text := strings.Join(page.Sentences(m, cert), "\n"); !strings.Contains(text, c.want) {
			t.Errorf("%s: %q is not in\n%s", c.name, c.want, text)
		}
	}
	bad := good()
	bad.Pessimistic, bad.Verified = 1, false
	if text := strings.Join(page.Sentences(m, bad), "\n"); strings.Contains(text, "Ties matter") {
		t.Error("ties of a point that is not verified are spoken of")
	}
}

func TestSteps(t *testing.T) {
	at := func(seconds float64, v float64) report.State {
		return report.State{Elapsed: time.Duration(seconds * float64(time.Second)), Incumbent: v}
	}
	list := []report.State{at(0, nan), at(1, 5), at(1, 4), at(2, 6), at(3, math.Inf(1)), at(4, 3), at(6, nan)}
	of := func(s report.State) float64 { return s.Incumbent }
	if got, want := page.Steps(list, of, -1), [][]float64{{1, 4}, {4, 3}, {6, 3}}; !reflect.DeepEqual(got, want) {
		t.Errorf("smaller is better: got %v, want %v", got, want)
	}
	if got, want := page.Steps(list, of, 1), [][]float64{{1, 5}, {2, 6}, {6, 6}}; !reflect.DeepEqual(got, want) {
		t.Errorf("larger is better: got %v, want %v", got, want)
	}
	if got := page.Steps(list[:1], of, 1); got != nil {
		t.Errorf("nothing to draw: got %v", got)
	}
}

func TestJumps(t *testing.T) {
	places := []page.Place{{At: 0, Best: 0}, {At: 4.999, Best: 10}, {At: 5, Best: 0}, {At: 5.001, Best: 0.001}, {At: 10, Best: nan}}
	if got := page.Jumps(places, func(p *page.Place) float64 { return p.Best }); !reflect.DeepEqual(got, []int{2}) {
		t.Errorf("jumps at %v, want at 2 only", got)
	}
}

// The squares of a pattern hold each coefficient once: counted from the paths of the drawing, where no two coefficients share a square.
func TestPattern(t *testing.T) {
	m := read(t, roads)
	var b bytes.Buffer
	p := &page.Page{Summary: full(t).Summary, Stages: []page.Stage{{Name: "as it is", Model: m}}}
	p.Summary.Model = m
	if err := page.Write(&b, p); err != nil {
		t.Fatal(err)
	}
	// By hand: the leader's objective has 2 tolls and 6 flows, "quiet" has 3 flows; the drivers' objective has 12 flows and 2 tolls. Of the links
	// (1,2), (2,3), (1,3), (3,1), 3 touch place 1, 2 place 2 and 3 place 3; each place has constraints of the other two origins.
	want := map[string]int{"c0": 2, "c1": 6 + 3, "c2": 12 + 2*(3+2+3), "c3": 2}
	got := map[string]int{}
	for _, f := range regexp.MustCompile(`<path class="(c\d) d\d" d="([^"]*)">`).FindAllStringSubmatch(b.String(), -1) {
		got[f[1]] += strings.Count(f[2], "M")
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("squares %v, want %v", got, want)
	}
}

// A pattern of more lines than squares still has every coefficient: what is counted is told in its title.
func TestPatternOfLargeModels(t *testing.T) {
	text := string(write(t, large(2000)))
	if !strings.Contains(text, "6000 coefficients in 2002 lines and 2000 columns") {
		t.Errorf("the title says %s", regexp.MustCompile(`<title id="pattern[^<]*`).FindString(text))
	}
	if n := strings.Count(regexp.MustCompile(`(?s)<svg class="pattern".*?</svg>`).FindString(text), "M"); n < 100 || n > 96*97 {
		t.Errorf("%d squares", n)
	}
}

func TestNetworkOfModel(t *testing.T) {
	m := read(t, roads)
	x := make([]float64, m.NumVars())
	random := rand.New(rand.NewPCG(1, 2))
	for j := range x {
		x[j] = float64(random.IntN(9))
	}
	n, err := page.FindNetwork(m, x, "")
	if err != nil || n == nil {
		t.Fatalf("no network: %v", err)
	}
	if n.Flow != "flow" || n.Price != "toll" || !reflect.DeepEqual(n.Nodes, []string{"1", "2", "3"}) || len(n.Links) != 4 {
		t.Fatalf("the network is %+v", n)
	}
	value := func(name string) float64 {
		v, ok := m.VarByName(name)
		if !ok {
			t.Fatalf("no %s", name)
		}
		return x[v.Index()]
	}
	for _, l := range n.Links {
		ends := n.Nodes[l.From] + "," + n.Nodes[l.To]
		if want := value("flow[1,"+ends+"]") + value("flow[2,"+ends+"]") + value("flow[3,"+ends+"]"); l.Flow != want {
			t.Errorf("link %s: flow %v, want %v", ends, l.Flow, want)
		}
		if priced := ends == "1,3" || ends == "2,3"; priced != !math.IsNaN(l.Price) || priced && l.Price != value("toll["+ends+"]") {
			t.Errorf("link %s: price %v", ends, l.Price)
		}
	}
	if n, err := page.FindNetwork(m, x, "toll"); err != nil || len(n.Links) != 2 || n.Price != "" {
		t.Errorf("the tolls by name: %+v, %v", n, err)
	}
	for name, want := range map[string]string{"flows": "the model has no such variables", "time": "the model has no such variables"} {
		var e *page.NetworkError
		if _, err := page.FindNetwork(m, x, name); !errors.As(err, &e) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What is not plainly a flow on a network is not drawn unless it is named.
func TestNoNetwork(t *testing.T) {
	for name, text := range map[string]string{
		"transport":     `set S := {"s1","s2"}; set D := {"d1","d2","d3"}; upper; var t >= 0; lower f; var x {S, D} >= 0; minimize c: sum {i in S, j in D} t*x[i,j];`,
		"all pairs":     `set N := 1..3; upper; var t >= 0; lower f; var x {i in N, j in N: i <> j} >= 0; minimize c: sum {i in N, j in N: i <> j} t*x[i,j];`,
		"with loops":    `set N := 1..3; upper; var t >= 0; lower f; var x {N, N} >= 0; minimize c: sum {i in N, j in N} t*x[i,j];`,
		"one subscript": `set N := 1..3; upper; var t >= 0; lower f; var x {N} >= 0; minimize c: sum {i in N} t*x[i];`,
	} {
		m := read(t, text)
		if n, err := page.FindNetwork(m, make([]float64, m.NumVars()), ""); n != nil || err != nil {
			t.Errorf("%s: %+v, %v", name, n, err)
		}
		n, err := page.FindNetwork(m, make([]float64, m.NumVars()), "x")
		if (n == nil) != (name == "one subscript") || (err != nil) != (name == "one subscript") {
			t.Errorf("%s by name: %+v, %v", name, n, err)
		}
	}
}
