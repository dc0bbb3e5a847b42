package reform

import (
	"fmt"

	"github.com/gobilevel/bilevel/model"
)

// Proves is global where every follower is shown to be convex and its constraints qualified, so that its answers are the points that satisfy
// its optimality conditions; otherwise local.
func (k KKT) Proves(m *model.Model) model.Proof {
	for _, s := range k.statements(m) {
		if !s.Exact() {
			return model.ProofLocal
		}
	}
	return model.ProofGlobal
}

// mostExamined is the number of followers that are examined beyond the rules, mostStatements that of which notes speak one by one.
const (
	mostExamined   = 100
	mostStatements = 5
)

// statements say what is known of the followers of m, in their order.
func (k KKT) statements(m *model.Model) []*model.FollowerStatement {
	var out []*model.FollowerStatement
	examined := 0
	for i, c := range m.Classify().Followers {
		s := &model.FollowerStatement{Follower: c.Name, Convex: c.Convex, Rules: c.Reasons}
		switch {
		case isProgram(c):
			s.Qualification.Kind = model.AffineConstraints
		case examined < mostExamined:
			examined++
			s = m.ExamineFollower(i+1, model.Examination{Samples: k.Samples})
		}
		out = append(out, s)
	}
	return out
}

// isProgram reports whether a follower is a linear or convex quadratic program.
func isProgram(c model.PlayerClass) bool {
	return c.Class <= model.ConvexQuadratic && c.Convex == model.Yes
}

// state adds what is known of the followers of m to a result, and notes on those that are no linear or convex quadratic programs.
func (k KKT) state(m *model.Model, r *Result) {
	r.Followers = k.statements(m)
	said, more := 0, 0
	for i, c := range m.Classify().Followers {
		switch {
		case isProgram(c):
		case said == mostStatements:
			more++
		default:
			said++
			r.Notes = append(r.Notes, k.Name()+": "+r.Followers[i].Text(m))
		}
	}
	if more > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("%s: and %s more that are no linear or convex quadratic programs", k.Name(), plural(more, "follower")))
	}
}
