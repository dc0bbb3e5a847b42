package response

import (
	"fmt"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
)

// Problem is a model as functions of all of its variables: those of the leader and the joint follower's. It is used by one goroutine at a time.
type Problem struct {
	Model     *model.Model
	LeaderOwn []int // variables of the leader, ascending
	Own       []int // variables of the followers, ascending
	// Outer is the leader's objective, in minimisation form, with the leader's constraints: row r is constraint r of the model, and those of the
	// followers have no sides. A follower's constraint without a follower's variable restricts the leader's decision and counts here.
	Outer *smooth.Compiled
	// Inner is the sum of the followers' objectives in minimisation form with the followers' constraints; the leader's have no sides.
	Inner *smooth.Compiled
	// Linear says that all followers are linear.
	Linear bool
	// Convex says that all followers are known to be convex in their own variables.
	Convex bool
	// Only says which leader's constraints mention no follower's variable, by constraint; false for other constraints.
	Only []bool

	problems *model.FollowerProblems
	inner    *model.Model // of Inner
	follower []bool       // by variable
	lower    []float64
	upper    []float64 // bounds of the model
}

// NotForError says what keeps a model from being looked at in this way.
type NotForError struct {
	Where, Reason, Remedy string
}

func (e *NotForError) Error() string {
	s := e.Reason
	if e.Where != "" {
		s = e.Where + ": " + s
	}
	if e.Remedy != "" {
		s += "; " + e.Remedy
	}
	return s
}

// New takes a model apart. It refuses, with a *NotForError, models without followers, followers that depend on one another, shadow prices as
// variables, pairs, integer variables, sets and conditional constraints.
func New(m *model.Model) (*Problem, error) {
	if err := m.Err(); err != nil {
		return nil, err
	}
	if err := accepts(m); err != nil {
		return nil, err
	}
	n := m.NumVars()
	p := &Problem{Model: m, problems: m.FollowerProblems(), follower: make([]bool, n), Only: make([]bool, m.NumRows()), Linear: true, Convex: true}
	for j := range n {
		lo, hi := m.VarBounds(j)
		p.lower, p.upper = append(p.lower, lo), append(p.upper, hi)
		if m.VarOwner(j) == 0 {
			p.LeaderOwn = append(p.LeaderOwn, j)
		} else {
			p.Own, p.follower[j] = append(p.Own, j), true
		}
	}
	for _, c := range m.Classify().Followers {
		p.Linear = p.Linear && c.Class == model.Linear
		p.Convex = p.Convex && c.Convex == model.Yes
	}
	var err error
	if p.Outer, err = p.compile(true); err != nil {
		return nil, err
	}
	p.Inner, err = p.compile(false)
	return p, err
}

func accepts(m *model.Model) error {
	refused := model.Complementarity | model.MixedPairs | model.IntegerVariables | model.SOS1Sets | model.IndicatorRows | model.DualVariables
	switch c := m.Constructs() & refused; {
	case m.NumFollowers() == 0:
		return &NotForError{Reason: "there is no follower", Remedy: "leave the method out"}
	case c != 0:
		return &NotForError{Where: m.Where(c), Reason: fmt.Sprintf("the followers' answers do not depend smoothly on %v", c), Remedy: "use kkt, or leave the choice to auto"}
	}
	for k := 1; k < m.NumPlayers(); k++ {
		other := -1
		see := func(j int) {
			if q := m.VarOwner(j); q != 0 && q != k {
				other = j
			}
		}
		m.EachVar(m.Player(k).Objective().F, see)
		for r := range m.NumRows() {
			if m.RowOwner(r) == k {
				m.EachVar(m.RowFunction(r), see)
			}
		}
		if other >= 0 {
			return &NotForError{Where: m.Player(k).Name(), Reason: "depends on " + m.VarName(other) + " of another follower: the answers are an equilibrium", Remedy: "use kkt"}
		}
	}
	return nil
}

// compile makes the program of one side: the other side's constraints lose their functions and sides, and keep their places.
func (p *Problem) compile(outer bool) (*smooth.Compiled, error) {
	d := p.Model.Derive()
	for r := range d.NumRows() {
		mentions := false
		d.EachVar(d.RowFunction(r), func(j int) { mentions = mentions || p.follower[j] })
		leaders := d.RowOwner(r) == 0 || !mentions
		p.Only[r] = leaders && !mentions
		if leaders != outer {
			d.SetRow(r, model.Function{}, -model.Inf, model.Inf)
		}
		d.SetRowOwner(r, 0)
	}
	if !outer {
		acc := d.Accumulator()
		for k := 1; k < d.NumPlayers(); k++ {
			o := d.Player(k).Objective()
			acc.AddFunction(o.Sense.Sign(), o.F)
		}
		d.Leader().SetObjective(model.Objective{Name: "answer", Set: true, F: acc.Function()})
	}
	for _, j := range p.Own {
		d.SetVarOwner(j, 0)
	}
	d.DropFollowers()
	if !outer {
		p.inner = d
	}
	return smooth.Compile(d)
}

// JointlyConvex says whether the followers' problem is known to be convex in all variables together, the leader's among them, so that the value
// function is convex, with the reasons.
func (p *Problem) JointlyConvex() (bool, []string) {
	c := p.inner.Classify().Leader
	return c.Convex == model.Yes, c.Reasons
}

// IsFollowers reports whether variable j is a follower's.
func (p *Problem) IsFollowers(j int) bool { return p.follower[j] }

// Bounds are those of variable j in the model.
func (p *Problem) Bounds(j int) (lower, upper float64) { return p.lower[j], p.upper[j] }

// ProjectionModel is the high-point relaxation with the objective |x - z|²/2 less a constant: its solution is the point next to z that satisfies the constraints of both levels.
func (p *Problem) ProjectionModel(z []float64) *model.Model {
	d := p.Model.HighPoint()
	acc := d.Accumulator()
	for j, v := range z {
		acc.AddProduct(0.5, j, j)
		acc.AddTerm(-v, j)
	}
	d.Leader().SetObjective(model.Objective{Name: "distance", Set: true, F: acc.Function()})
	return d
}

// InnerFunction is the sum of the followers' objectives in minimisation form as a function of the variables of the model, and of models derived from it.
func (p *Problem) InnerFunction(d *model.Model) model.Function {
	acc := d.Accumulator()
	for k := 1; k < p.Model.NumPlayers(); k++ {
		o := p.Model.Player(k).Objective()
		acc.AddFunction(o.Sense.Sign(), o.F)
	}
	return acc.Function()
}
