package reformtest

import (
	"fmt"
	"math"
	"strings"

	"github.com/gobilevel/bilevel/model"
)

// Instance is a small bilevel problem in dense arrays. Player 0 is the leader.
type Instance struct {
	Reason  string `json:",omitempty"` // why the instance is kept, in a regression case
	Vars    []Variable
	Rows    []Row
	Players []Objective
	Nash    bool   `json:",omitempty"` // the followers play a Nash game
	Price   *Price `json:",omitempty"`
}

// Variable is one variable.
type Variable struct {
	Owner   int
	Lo, Hi  Bound
	Integer bool `json:",omitempty"`
}

// Row is lo <= a z <= hi in the problem of its owner; a has one entry a variable.
type Row struct {
	Owner  int
	A      []float64
	Lo, Hi Bound
}

// Objective is c z + Σ Coef z_I z_J of one player, plus, for the leader, Σ Dual[r] times the shadow price of row r.
type Objective struct {
	Max  bool               `json:",omitempty"`
	None bool               `json:",omitempty"` // the player has no objective
	C    []float64          `json:",omitempty"`
	Quad []Term             `json:",omitempty"`
	Dual map[string]float64 `json:",omitempty"` // by row number, as text for JSON
}

// Term is Coef z_I z_J.
type Term struct {
	I, J int
	Coef float64
}

// Price says that the leader's objective contains Kappa times the products of leader's and own variables in the objective of Follower.
type Price struct {
	Follower int
	Kappa    float64
}

// Bound is a number that may be infinite, which JSON has no word for.
type Bound float64

// MarshalJSON writes infinite bounds as texts.
func (b Bound) MarshalJSON() ([]byte, error) {
	if math.IsInf(float64(b), 0) {
		return fmt.Appendf(nil, "%q", fmt.Sprint(float64(b))), nil
	}
	return fmt.Appendf(nil, "%v", float64(b)), nil
}

// UnmarshalJSON reads what MarshalJSON writes.
func (b *Bound) UnmarshalJSON(s []byte) error {
	_, err := fmt.Sscan(strings.Trim(string(s), `"`), (*float64)(b))
	return err
}

// sign is +1 for a player who minimises and -1 for one who maximises.
func (o *Objective) sign() float64 {
	if o.Max {
		return -1
	}
	return 1
}

// dual is the leader's coefficient of the shadow price of row r.
func (in *Instance) dual(r int) float64 { return in.Players[0].Dual[fmt.Sprint(r)] }

func (in *Instance) usesDuals() bool { return len(in.Players[0].Dual) > 0 }

// value is the objective of player p at z, without shadow prices.
func (in *Instance) value(p int, z []float64) float64 {
	s := 0.0
	for j, c := range in.Players[p].C {
		s += c * z[j]
	}
	for _, q := range in.Players[p].Quad {
		s += q.Coef * z[q.I] * z[q.J]
	}
	return s
}

// Model builds the instance through the API that users have: variable j is x<j>, row r is r<r>, follower p is f<p>.
func (in *Instance) Model() *model.Model {
	m := model.New("random")
	players := []*model.Player{m.Leader()}
	for p := 1; p < len(in.Players); p++ {
		f := m.Follower(fmt.Sprintf("f%d", p))
		if in.Nash {
			f.Nash()
		}
		players = append(players, f)
	}
	vars := make([]model.Var, len(in.Vars))
	for j, v := range in.Vars {
		name := fmt.Sprintf("x%d", j)
		if v.Integer {
			vars[j] = players[v.Owner].Integer(name, float64(v.Lo), float64(v.Hi))
		} else {
			vars[j] = players[v.Owner].Var(name, float64(v.Lo), float64(v.Hi))
		}
	}
	rows := make([]model.Constraint, len(in.Rows))
	for r, row := range in.Rows {
		rows[r] = players[row.Owner].Constrain(fmt.Sprintf("r%d", r), model.Dot(row.A, vars).Between(float64(row.Lo), float64(row.Hi)))
	}
	for p, o := range in.Players {
		if o.None {
			continue
		}
		terms := []model.Expr{model.Dot(o.C, vars[:len(o.C)])}
		for _, q := range o.Quad {
			terms = append(terms, vars[q.I].Times(vars[q.J]).Times(q.Coef))
		}
		if p == 0 {
			for r := range in.Rows {
				if c := in.dual(r); c != 0 {
					terms = append(terms, rows[r].Dual().Times(c))
				}
			}
		}
		if o.Max {
			players[p].Maximize(model.Sum(terms...))
		} else {
			players[p].Minimize(model.Sum(terms...))
		}
	}
	return m
}

// Point is the point of an outcome in the variables of the instance's model, shadow prices included.
func (in *Instance) Point(o *Outcome, m *model.Model) *model.Point {
	p := &model.Point{X: make([]float64, m.NumVars()), RowDuals: make([]float64, m.NumRows()), VarDuals: make([]float64, m.NumVars())}
	copy(p.X, o.Z)
	copy(p.RowDuals, o.RowDuals)
	copy(p.VarDuals, o.VarDuals)
	for _, j := range m.DualVars() {
		r, _ := m.DualOf(j)
		p.X[j] = o.RowDuals[r]
	}
	return p
}

// clone is a deep copy.
func (in *Instance) clone() *Instance {
	out := &Instance{Reason: in.Reason, Vars: append([]Variable(nil), in.Vars...), Nash: in.Nash, Price: in.Price}
	for _, r := range in.Rows {
		r.A = append([]float64(nil), r.A...)
		out.Rows = append(out.Rows, r)
	}
	for _, o := range in.Players {
		o.C, o.Quad = append([]float64(nil), o.C...), append([]Term(nil), o.Quad...)
		if o.Dual != nil {
			d := map[string]float64{}
			for k, v := range o.Dual {
				d[k] = v
			}
			o.Dual = d
		}
		out.Players = append(out.Players, o)
	}
	return out
}

// String writes the instance for people.
func (in *Instance) String() string {
	var b strings.Builder
	for j, v := range in.Vars {
		kind := ""
		if v.Integer {
			kind = " integer"
		}
		fmt.Fprintf(&b, "player %d: %v <= x%d <= %v%s\n", v.Owner, v.Lo, j, v.Hi, kind)
	}
	linear := func(c []float64) string {
		s := ""
		for j, a := range c {
			if a != 0 {
				s += fmt.Sprintf(" %+g x%d", a, j)
			}
		}
		return s
	}
	for p, o := range in.Players {
		sense := "min"
		if o.Max {
			sense = "max"
		}
		if o.None {
			sense = "no objective"
		}
		fmt.Fprintf(&b, "player %d: %s%s", p, sense, linear(o.C))
		for _, q := range o.Quad {
			fmt.Fprintf(&b, " %+g x%d x%d", q.Coef, q.I, q.J)
		}
		for r := range in.Rows {
			if c := in.dual(r); p == 0 && c != 0 {
				fmt.Fprintf(&b, " %+g r%d.dual", c, r)
			}
		}
		b.WriteString("\n")
	}
	for r, row := range in.Rows {
		fmt.Fprintf(&b, "player %d: r%d: %v <=%s <= %v\n", row.Owner, r, row.Lo, linear(row.A), row.Hi)
	}
	if in.Nash {
		b.WriteString("Nash game\n")
	}
	return b.String()
}
