package reform

import (
	"context"
	"errors"
	"fmt"

	"github.com/gobilevel/bilevel/model"
)

// Pessimistic replaces linear followers by a model with complementarity pairs whose least objective is the infimum over the leader's
// decisions of
//
//	v(x) = min { Strong(x,y) : y in S(x) } + max { Weak(x,y) : y in S(x) }                      (leader minimises)
//
// where S(x) are the followers' optimal answers to x. Weak alone, the leader's objective F, is the pessimistic problem; Strong = βF and
// Weak = (1-β)F is partial cooperation. The leader's constraints that contain followers' variables have to hold for every y in S(x).
//
// Let the follower be min f(x,y) s.t. s_i(x,y) >= 0, with equations and bounds among the s_i. With multipliers u, f_y = Σ u_i ∇s_i,
// u >= 0 ⟂ s >= 0, and for every optimal u
//
//	S(x) = { y : s(x,y) >= 0, and s_i(x,y) = 0 where u_i > 0 }.
//
// So y attains the maximum of h over S(x) exactly when, for some m and n >= 0,
//
//	h_y + Σ (m_i - n_i) ∇s_i = 0,   m_i s_i = 0,   n_i > 0 only where u_i > 0.                   (1)
//
// (The copied variable of Zeng's reduction, max h s.t. y feasible, f(x,y) <= f(x,w), with w in S(x) says the same with n = λu, λ the
// multiplier of that row; it is not bounded, and λ times prices is a product. Here neither is there.) The last condition of (1) is not
// closed, and that is why the infimum need not be attained. It is made closed by a second point p' = (t', x', y', u') of the cone over
// the same piece, that is, with every constraint homogenised by t' >= 0 and all pairs taken across the two points:
//
//	(s_i + s'_i) ⟂ (u_i + u'_i),   (s_i + s'_i) ⟂ m_i,   n_i <= u'_i.                            (2)
//
// If (2) holds, then p_ε = (p + ε p')/(1 + ε t') satisfies (1) for every ε > 0, because its u_i are positive where n_i is: v(x_ε) is the
// objective at p_ε, and it tends to that at p. Conversely a point with (1) satisfies (2) with p' = λp, λ large. Hence the least objective over
// (2) is inf v, it is found at some point whenever inf v is finite (there are finitely many pieces, all polyhedra), and
// Approach gives decisions whose values tend to it. inf v is attained if and only if (2) has a point at which both p and p' lie on the
// level inf v of the objective: see Level.
//
// Every maximum has copies of its own of y, m and n; u, x and their second points are shared. Products of prices and quantities in h are
// removed as by PriceProduct: where they are κ times those of f, h - κf is linear, and f is constant over S(x), equal to -Σ u_i s_i(0)
// where the constraints contain no leader's variable. An integer variable of the leader must be the same at both points, x' = t'x: its binary
// digits b enter with the pairs b ⟂ t' - b' and 1 - b ⟂ b'.
//
// Accepts: linear followers without integer variables or Nash games; affine constraints; a leader without pairs, SOS1 sets, conditional
// constraints and shadow prices, whose objective is linear in the answers but for matching products.
// Adds:    multipliers, second points, pairs.
// Valid:   always for such followers.
type Pessimistic struct {
	// Strong and Weak are the parts of the leader's objective, in its sense as declared, for which the followers' ties are broken for
	// and against the leader. Both nil: Weak is the leader's objective.
	Strong, Weak *model.Function
	// Level, where not nil, is the least objective, as declared. The model is then another one: among the points on that level, minimise
	// by how much the second point is off it, which is zero exactly where the level is attained. The leader's objective must be linear.
	Level *float64
}

// Name is "pessimistic".
func (Pessimistic) Name() string { return "pessimistic" }

// Proves is global: the infimum is the one of the model.
func (Pessimistic) Proves(*model.Model) model.Proof { return model.ProofGlobal }

// Accepts refuses what the doc comment of the type does not list, naming what stops it.
func (p Pessimistic) Accepts(m *model.Model) error {
	_, err := newTieBreaker(m, p)
	return err
}

// Apply writes the conditions (2).
func (p Pessimistic) Apply(ctx context.Context, m *model.Model) (*Result, error) {
	b, err := newTieBreaker(m, p)
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	b.write(p.Level)
	return &Result{Model: b.d, Recovery: b.recovery(), Notes: []string{b.note()}}, nil
}

// note says what was written.
func (b *tieBreaker) note() string {
	weak, strong, rows := 0, 0, 0
	for _, k := range b.extremes {
		switch k.kind {
		case weakPart:
			weak++
		case strongPart:
			strong++
		default:
			rows++
		}
	}
	s := fmt.Sprintf("pessimistic: %s", plural(b.d.NumPairs(), "pair"))
	if strong > 0 && weak > 0 {
		s += ", best and worst answers apart"
	}
	if rows > 0 {
		s += fmt.Sprintf(", a worst answer of its own for each of %s of the leader", plural(rows, "constraint side"))
	}
	return s
}

// refusal is the error of a model that the pass does not take.
func refusal(where, reason, remedy string) error {
	return &NotAcceptedError{Pass: "pessimistic", Where: where, Reason: reason, Remedy: remedy}
}

// acceptTies checks the constructs.
func acceptTies(m *model.Model) error {
	const optimistic = "solve the optimistic problem, whose answer carries the pessimistic value of its decision"
	if err := acceptConvexFollowers("pessimistic", m); err != nil {
		var no *NotAcceptedError
		if errors.As(err, &no) && no.Construct == model.IntegerVariables { // what helps the optimistic problem is none of this one
			no.Remedy = "name --reform global, which takes one follower in a small model, or " + optimistic
		}
		return err
	}
	if m.NumPairs() > 0 {
		return refusal("pair "+m.PairName(0), "complementarity pairs beside the followers", optimistic)
	}
	if s := m.SOS1Sets(); len(s) > 0 {
		return refusal("SOS1 set "+s[0].Name, "SOS1 sets beside the followers", optimistic)
	}
	if c := m.Indicators(); len(c) > 0 {
		return refusal("constraint "+m.RowName(c[0].Row), "it is conditional", optimistic)
	}
	if j := m.DualVars(); len(j) > 0 {
		return refusal("variable "+m.VarName(j[0]), "which of several optimal shadow prices holds is not a matter of the followers' answers", optimistic)
	}
	for p, f := range m.Classify().Followers {
		where := "follower " + f.Name
		switch {
		case m.Player(p + 1).IsNash():
			return refusal(where, "it plays a Nash game", optimistic)
		case f.Class != model.Linear:
			return refusal(where, fmt.Sprintf("its problem is %v; the pessimistic problem is solved for linear followers", f.Class), optimistic)
		}
	}
	for r := range m.NumRows() {
		if !m.RowIsAffine(r) {
			return refusal("constraint "+m.RowName(r), "it is not linear", optimistic)
		}
	}
	if f := m.Leader().Objective().F; f.Nonlinear != 0 {
		return refusal("the leader's objective", "it is not linear or quadratic", optimistic)
	}
	return nil
}
