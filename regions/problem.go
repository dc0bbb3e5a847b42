package regions

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/gobilevel/bilevel/model"
)

// NotForError says why a model is not one for this method.
type NotForError struct {
	Where  string // a name in the model, "" for all of it
	Reason string
}

func (e *NotForError) Error() string {
	if e.Where == "" {
		return "regions: " + e.Reason
	}
	return "regions: " + e.Where + ": " + e.Reason
}

// largestFollower is the number of indices up to which a follower's tableau is kept.
const largestFollower = 1000

// Problem is a bilevel model prepared for the enumeration of its critical regions.
type Problem struct {
	m, kkt     *model.Model
	params     []int // the leader's columns that reach the followers
	lo, hi     []float64
	followers  []*follower
	pairs      [][]int // by follower and index: the pair of kkt, -1 for a free index
	determined bool
}

// New prepares a model whose followers are linear or convex quadratic programs; kkt is what the pass "kkt" has made of m. Errors are of type *NotForError.
func New(m, kkt *model.Model) (*Problem, error) {
	if err := accepts(m); err != nil {
		return nil, err
	}
	if extra := kkt.Constructs().Without(model.Complementarity | model.IntegerVariables | model.ConvexQuadraticObjective); extra != 0 {
		return nil, &NotForError{kkt.Where(extra), fmt.Sprintf("the leader's problem has %v; it must be linear, or convex quadratic, with or without pairs and integer variables", extra)}
	}
	p := &Problem{m: m, kkt: kkt}
	at, fixed := map[int]int{}, map[int]float64{}
	for _, j := range parameters(m) {
		at[j] = len(p.params)
		p.params = append(p.params, j)
		lo, hi := m.VarBounds(j)
		p.lo, p.hi = append(p.lo, lo), append(p.hi, hi)
	}
	for j := range m.NumVars() {
		if lo, hi := m.VarBounds(j); lo == hi {
			fixed[j] = lo
		}
	}
	index := map[model.Member]int{}
	for k := range kkt.NumPairs() {
		index[kkt.Pair(k).B] = k
	}
	for f := 1; f < m.NumPlayers(); f++ {
		q := newFollower(m, f, len(p.params), at, func(j int) float64 { return fixed[j] })
		if q.n > largestFollower {
			return nil, &NotForError{"follower " + q.name, fmt.Sprintf("%d variables and sides of constraints; up to %d are kept in a dense tableau", q.n, largestFollower)}
		}
		of := make([]int, q.n)
		for i := range of {
			of[i] = -1
			if q.kind[i] != pair {
				continue
			}
			k, ok := index[q.slack[i]]
			if !ok {
				return nil, &NotForError{"follower " + q.name, "its optimality conditions were not written pair by pair"}
			}
			of[i] = k
		}
		p.followers, p.pairs = append(p.followers, q), append(p.pairs, of)
	}
	p.determined = p.isDetermined()
	return p, nil
}

// Determined reports whether all that the leader's objective and constraints see of the followers' answers is the same for all optimal answers to a
// decision.
func (p *Problem) Determined() bool { return p.determined }

// Parameters is the number of the leader's columns that reach the followers.
func (p *Problem) Parameters() int { return len(p.params) }

// Accepts returns nil or a *NotForError that says why the critical regions of a model are not enumerated.
func Accepts(m *model.Model) error {
	if duals := m.DualVars(); len(duals) > 0 {
		return &NotForError{m.VarName(duals[0]), "stands for a multiplier, of which a decision may have many"}
	}
	return accepts(m)
}

func accepts(m *model.Model) error {
	if m.NumFollowers() == 0 {
		return &NotForError{"", "the model has no follower"}
	}
	if extra := m.Constructs() & (model.NashGame | model.SOS1Sets | model.IndicatorRows | model.QuadraticRows | model.NonlinearFunctions | model.MixedPairs); extra != 0 {
		return &NotForError{m.Where(extra), fmt.Sprintf("the model has %v", extra)}
	}
	for i, f := range m.Classify().Followers {
		if f.Integers > 0 || f.Class != model.Linear && f.Class != model.ConvexQuadratic || m.Player(i+1).IsNash() {
			return &NotForError{"follower " + f.Name, fmt.Sprintf("%v, %d integer variables; followers must be linear or convex quadratic programs", f.Class, f.Integers)}
		}
	}
	for f := 1; f < m.NumPlayers(); f++ {
		other := -1
		look := func(j int) {
			if o := m.VarOwner(j); o != 0 && o != f {
				other = j
			}
		}
		m.EachVar(m.Player(f).Objective().F, look)
		for r := range m.NumRows() {
			if m.RowOwner(r) == f {
				m.EachVar(m.RowFunction(r), look)
			}
		}
		if other >= 0 {
			return &NotForError{"follower " + m.Player(f).Name(), "depends on " + m.VarName(other) + " of another follower"}
		}
	}
	switch k := len(parameters(m)); {
	case k == 0:
		return &NotForError{"", "no variable of the leader that can move reaches a follower"}
	case k > mostParameters:
		return &NotForError{"", fmt.Sprintf("%d variables of the leader reach the followers, and regions are enumerated for at most %d", k, mostParameters)}
	}
	return nil
}

// parameters lists the leader's variables that can move and reach a follower, ascending.
func parameters(m *model.Model) []int {
	reach := make([]bool, m.NumVars())
	for _, f := range m.Classify().Followers {
		for _, j := range f.Linking {
			reach[j] = true
		}
	}
	var out []int
	for j, is := range reach {
		if lo, hi := m.VarBounds(j); is && lo < hi {
			out = append(out, j)
		}
	}
	return out
}

// isDetermined looks whether the leader's functions of the answers lie in the followers' row spaces.
func (p *Problem) isDetermined() bool {
	if len(p.m.DualVars()) > 0 {
		return false
	}
	check := func(idx []int32, val []float64) bool {
		for _, f := range p.followers {
			v := make([]float64, f.span.n)
			any := false
			for t, j := range idx {
				if i, ok := f.index[int(j)]; ok {
					v[i] += val[t] * f.sign[i]
					any = true
				}
			}
			if any && !f.span.has(v) {
				return false
			}
		}
		return true
	}
	o := p.m.Leader().Objective().F
	if !check(o.Vars, o.Coefs) {
		return false
	}
	for _, q := range o.Quad {
		if !check([]int32{q.I}, []float64{1}) || !check([]int32{q.J}, []float64{1}) {
			return false
		}
	}
	for r := range p.m.NumRows() {
		if p.m.RowOwner(r) == 0 {
			if idx, val := p.m.RowAffine(r); !check(idx, val) {
				return false
			}
		}
	}
	for k := range p.m.NumPairs() { // pairs of the leader: their members
		for _, s := range [2]model.Member{p.m.Pair(k).A, p.m.Pair(k).B} {
			if !s.Row && !check([]int32{s.Index}, []float64{1}) {
				return false
			}
		}
	}
	return true
}

// tableaus makes the first bases of all followers. none names a follower without an answer to any decision.
func (p *Problem) tableaus(r *rand.Rand) (out []*tableau, none string, err error) {
	for _, f := range p.followers {
		t, ok, nowhere := newTableau(f, len(p.params), r)
		if nowhere {
			return nil, f.name, nil
		}
		if !ok {
			return nil, "", &NotForError{"follower " + f.name, "it has answers on a hyperplane of the leader's decisions only"}
		}
		t.tol = f.tolerances()
		out = append(out, t)
	}
	return out, "", nil
}

// tolerances are the sizes, by index, of values of w that count as zero: of what the multipliers, and what the slacks, are made of.
func (f *follower) tolerances() []float64 {
	var size [2]float64
	for i := range f.n {
		k := 0
		if f.dual[i] {
			k = 1
		}
		size[k] = math.Max(size[k], math.Abs(f.q[i]))
		for _, v := range f.r[i] {
			size[k] = math.Max(size[k], math.Abs(v))
		}
	}
	for k := range size {
		if size[k] == 0 || size[k] > 1 {
			size[k] = 1
		}
	}
	out := make([]float64, f.n)
	for i := range out { // the basic variable of an index is a reduced cost, or a distance; z of a side is a multiplier
		out[i] = 1e-9 * math.Min(size[0], size[1])
	}
	return out
}
