package report

import (
	"io"
	"math"
	"strings"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/verify"
)

// Summary is an answer as WriteSummary prints it. Numbers that do not exist are NaN.
type Summary struct {
	Model                 *model.Model
	Status                model.Status
	Proof                 model.Proof
	Stationarity          string    // class of a local answer, else ""
	X                     []float64 // nil where there is no point
	Objective, Bound, Gap float64
	Certificate           *verify.Certificate // nil where nothing was measured
	Plan                  []string
	Backend               string
	Seconds               float64
	Nodes, Iterations     int
	Notes, Assumptions    []string
	Search                []string // what each part of the search brought
	// Attitude is how the followers break ties, "" for the leader; the numbers are the best and the worst value of the decision over the
	// followers' optimal answers, and the best value where no decision is known to have it.
	Attitude, Attainment             string
	Optimistic, Pessimistic, Infimum float64
}

// StatusInWords explains a status in one sentence. An optimum whose distance to the bound exceeds 1e-5 max(1, |objective|) is one to that gap: the global method
// closes a larger one than the other methods where none is asked for.
func StatusInWords(s model.Status, objective, bound float64) string {
	if s == model.StatusOptimal && math.Abs(objective-bound) > 1e-5*math.Max(1, math.Abs(objective)) {
		return "An optimal point was found to the gap below."
	}
	return s.Sentence()
}

// WriteSummary prints an answer: what it is, what is proven, the leader's decision, each follower's answer, the certificate, and how it
// was found.
func WriteSummary(w io.Writer, a *Summary, s Style) error {
	p := newPage(w, s)
	p.answer(a)
	if a.X != nil {
		p.players(a)
	}
	if a.Certificate != nil {
		p.certificate(a.Model, a.Certificate)
	}
	if len(a.Notes) > 0 {
		p.heading("Notes")
		for _, n := range a.Notes {
			p.item(n)
		}
	}
	if len(a.Search) > 0 {
		p.heading("Search")
		for _, l := range a.Search {
			p.item(l)
		}
	}
	p.printf("\n")
	if len(a.Plan) > 0 || a.Backend != "" {
		way := append(append([]string(nil), a.Plan...), a.Backend)
		if a.Backend == "" {
			way = way[:len(way)-1]
		}
		p.field("plan", strings.Join(way, " -> "))
	}
	if !math.IsNaN(a.Seconds) {
		p.field("time", effort(a))
	}
	return p.end()
}

// WritePoint prints a point with its certificate: the leader's decision, each follower's answer, and what was measured.
func WritePoint(w io.Writer, m *model.Model, x []float64, c *verify.Certificate, s Style) error {
	p := newPage(w, s)
	p.printf("%s: the leader's objective at this point is %s\n", p.paint(bold, m.Name), Number(c.Objective))
	p.players(&Summary{Model: m, X: x, Certificate: c})
	p.certificate(m, c)
	return p.end()
}

func (p *page) players(a *Summary) {
	p.heading("Leader")
	p.values(a.Model, 0, a.X)
	p.followers(a)
}

func effort(a *Summary) string {
	s := Seconds(a.Seconds)
	if a.Nodes > 0 {
		s += ", " + Count(a.Nodes, "node")
	}
	if a.Iterations > 0 {
		s += ", " + Count(a.Iterations, "iteration")
	}
	return s
}

// answer prints the status, the proof and the objective.
func (p *page) answer(a *Summary) {
	colour := yellow
	switch a.Status {
	case model.StatusOptimal:
		colour = green
	case model.StatusInfeasible, model.StatusUnbounded, model.StatusFailed:
		colour = red
	}
	name := a.Model.Name
	if name == "" {
		name = "model"
	}
	sentence, proof := StatusInWords(a.Status, a.Objective, a.Bound), ProofInWords(a.Proof, a.Stationarity)
	if a.Attitude != "" && !math.IsNaN(a.Infimum) {
		sentence, proof = "This decision comes near to the infimum of the values.", "no decision is better than the infimum, which is "+a.Attainment
		if a.Attainment == "not attained" {
			proof = "the infimum is proven, and that no decision attains it"
		}
	}
	p.hang(p.paint(bold, name)+": "+p.paint(colour, StatusWord(a.Status))+". "+sentence, 0)
	p.field("proof", proof)
	if a.Attitude != "" {
		p.field("attitude", attitudeInWords(a.Attitude))
	}
	if len(a.Assumptions) > 0 {
		p.printf("assumed:\n")
	}
	for _, s := range a.Assumptions {
		p.item(s)
	}
	if o := a.Model.Leader().Objective(); a.X != nil || !math.IsNaN(a.Bound) {
		what := "no objective: a feasibility problem"
		if o.Set {
			what = o.Sense.String()
			if o.Name != "" {
				what += " " + o.Name
			}
		}
		t := &Table{Align: []Align{Left, Decimal, Left}}
		add := func(label, value, remark string) {
			t.Rows = append(t.Rows, []string{label + strings.Repeat(" ", max(0, fieldWidth-4-len(label))), value, remark})
		}
		if a.X != nil {
			add("objective", Number(a.Objective), what)
		}
		if a.Attitude != "" && a.X != nil {
			add("at best", Number(a.Optimistic), "if the followers break ties for the leader")
			add("at worst", Number(a.Pessimistic), "if they break them against it")
			if !math.IsNaN(a.Infimum) {
				add("infimum", Number(a.Infimum), a.Attainment)
			}
		}
		if !math.IsNaN(a.Bound) {
			add("bound", Number(a.Bound), boundInWords(a))
		}
		if !math.IsNaN(a.Gap) {
			add("gap", Percent(a.Gap), "")
		}
		p.table(t)
	}
}

// StatusWord is the status in the words of the command: a local answer is feasible, and the proof says that it is local.
func StatusWord(s model.Status) string {
	if s == model.StatusLocal {
		return model.StatusFeasible.String()
	}
	return s.String()
}

// attitudeInWords says how ties are broken.
func attitudeInWords(attitude string) string {
	switch attitude {
	case "pessimistic":
		return "pessimistic: the followers break ties against the leader"
	case "strong-weak":
		return "ties are broken for one part of the objective and against the other"
	}
	return attitude + ": the objective weighs the followers' best ties with " + attitude + ", their worst with the rest"
}

func boundInWords(a *Summary) string {
	if a.Proof == model.ProofGlobalIfBounds || len(a.Assumptions) > 0 {
		return "no point is better, if the assumed bounds hold"
	}
	return "no point is better"
}

// ProofInWords says what a proof establishes.
func ProofInWords(proof model.Proof, stationarity string) string {
	switch proof {
	case model.ProofGlobal:
		return "proven optimal to the gap below, without any assumed bound"
	case model.ProofGlobalIfBounds:
		return "optimal to the gap below if the assumed bounds hold"
	case model.ProofLocal:
		if stationarity != "" {
			return "a local answer, " + stationarity + "-stationary; a better one elsewhere is not excluded"
		}
		return "a local answer; a better one elsewhere is not excluded"
	case model.ProofFeasible:
		return "the point is feasible for both levels; that it is optimal is not proven"
	case model.ProofInfeasible:
		return "infeasible: it is proven that no point satisfies both levels"
	case model.ProofUnbounded:
		return "unbounded: it is proven that the objective has no limit"
	}
	return "nothing is proven"
}

// followers prints each follower's objective beside its best response, and its variables.
func (p *page) followers(a *Summary) {
	m := a.Model
	checks := map[string]verify.FollowerCheck{}
	if a.Certificate != nil {
		for _, f := range a.Certificate.Followers {
			checks[f.Name] = f
		}
	}
	if m.NumFollowers() > mostFollowers && !p.All {
		p.manyFollowers(a, checks)
		return
	}
	for k := 1; k < m.NumPlayers(); k++ {
		name := m.Player(k).Name()
		p.heading("Follower " + name)
		if c, ok := checks[name]; ok {
			p.printf("  objective %s, best response %s, gap %s\n", Number(c.Objective), Number(c.BestResponse), Number(c.Gap))
			if !(math.Abs(c.Gap) <= a.Certificate.Tolerance) && c.Sentence != "" {
				p.printf("  ")
				p.hang(c.Sentence, 2)
			}
		} else {
			p.printf("  objective %s\n", Number(m.ObjectiveValue(k, a.X)))
		}
		p.values(m, k, a.X)
	}
}

// mostFollowers is how many followers are shown each with its variables.
const mostFollowers = 8

// manyFollowers prints one line a follower, the ones with the largest gaps being named by the certificate.
func (p *page) manyFollowers(a *Summary, checks map[string]verify.FollowerCheck) {
	p.heading(Count(a.Model.NumFollowers(), "follower"))
	t := &Table{Head: []string{"name", "objective", "best response", "gap"}, Align: []Align{Left, Decimal, Decimal, Right}}
	for k := 1; k < a.Model.NumPlayers(); k++ {
		if len(t.Rows) == mostValues {
			break
		}
		name := a.Model.Player(k).Name()
		row := []string{name, Number(a.Model.ObjectiveValue(k, a.X)), "-", "-"}
		if c, ok := checks[name]; ok {
			row = []string{name, Number(c.Objective), Number(c.BestResponse), Number(c.Gap)}
		}
		t.Rows = append(t.Rows, row)
	}
	p.table(t)
	if more := a.Model.NumFollowers() - len(t.Rows); more > 0 {
		p.printf("  ... and %d more\n", more)
	}
}
