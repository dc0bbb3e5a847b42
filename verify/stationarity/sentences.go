package stationarity

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Sentences say the report in words, the verdict first. Names are those of the model where the problem was made from one.
func (r *Report) Sentences() []string {
	list := []string{r.verdict()}
	if s := r.descentSentence(); s != "" {
		list = append(list, s)
	}
	if r.Class == Infeasible {
		return list
	}
	if r.Multipliers != nil {
		s := fmt.Sprintf("Recomputed multipliers leave a residual of %.2g (relative to the size of the objective's gradient)", r.Residual)
		if m := r.Multipliers.Largest(); m > 1e5 {
			s += fmt.Sprintf("; the largest of them is %.2g, a sign that the constraints are nearly dependent", m)
		}
		list = append(list, s+".")
	}
	if r.Tolerance > 1.001e-6 && r.Class != Unknown {
		list = append(list, fmt.Sprintf("Slacks up to %.1g count as zero for this, since the point is that far from its bounds and constraints.", r.Tolerance))
	}
	if s := r.qualification(); s != "" {
		list = append(list, s)
	}
	if n := len(r.Nearly); n > 0 {
		list = append(list, upperFirst(fmt.Sprintf("%s nearly has two zero members%s; a slightly different point may be of another kind.", r.pairNames(r.Nearly[:1]), others(n-1))))
	}
	if r.Message != "" {
		list = append(list, upperFirst(r.Message)+".")
	}
	return list
}

// verdict is the sentence on the class.
func (r *Report) verdict() string {
	n := len(r.Biactive)
	switch r.Class {
	case Infeasible:
		if r.PairResidual > r.Violation {
			return fmt.Sprintf("The point is not judged: %s is off by %.2g.", r.pairNames([]int{r.WorstPair}), r.PairResidual)
		}
		return fmt.Sprintf("The point is not judged: it violates a constraint or bound by %.2g.", r.Violation)
	case Unknown:
		return "It is undecided whether the point is stationary: the residual of the best multipliers is neither small nor large."
	case NotStationary:
		if !anyPair(r.states) {
			return "The point is not stationary: it does not satisfy the conditions of Karush, Kuhn and Tucker."
		}
		return "The point is not stationary: there are no multipliers, not even with any sign for the members of pairs that are both zero."
	case Stationary:
		return "The point is stationary: it satisfies the conditions of Karush, Kuhn and Tucker."
	}
	if n == 0 {
		return "The point is S-stationary: no pair has two zero members, and it satisfies the conditions of Karush, Kuhn and Tucker where the members that are zero stay so."
	}
	with := fmt.Sprintf("the %s with two zero members", plural(n, "pair"))
	switch r.Class {
	case SStationary:
		return fmt.Sprintf("The point is S-stationary: the multipliers of %s are non-negative, so that no branch of the pairs descends to first order (B-stationary).", with)
	case BStationary:
		return fmt.Sprintf("The point is B-stationary: no branch of %s descends to first order. It is not S-stationary: %s other multipliers for different branches.", with, needs(n))
	case MStationary:
		return fmt.Sprintf("The point is M-stationary%s: in %s the multipliers are both positive, or one is zero.", r.without(), each(n))
	case CStationary:
		return fmt.Sprintf("The point is C-stationary%s: in %s the multipliers have the same sign.", r.without(), each(n))
	case AStationary:
		return fmt.Sprintf("The point is A-stationary%s: in %s one of the multipliers is non-negative.", r.without(), each(n))
	}
	return fmt.Sprintf("The point is only W-stationary%s: there are multipliers, with any sign for %s.", r.without(), with)
}

// without says which stronger label is missing and why.
func (r *Report) without() string {
	switch {
	case r.B == No:
		return " and not B-stationary"
	case r.B == Undecided:
		return ", and whether it is B-stationary is undecided"
	}
	return ""
}

func each(n int) string {
	if n == 1 {
		return "the one pair with two zero members"
	}
	return fmt.Sprintf("each of the %d pairs with two zero members", n)
}

func needs(n int) string {
	if n == 1 {
		return "it takes"
	}
	return "they take"
}

// descentSentence says along what the objective falls.
func (r *Report) descentSentence() string {
	if r.Descent == nil {
		return ""
	}
	order := make([]int, 0, len(r.Descent))
	for j, v := range r.Descent {
		if math.Abs(v) > 1e-3 {
			order = append(order, j)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch va, vb := math.Abs(r.Descent[a]), math.Abs(r.Descent[b]); {
		case va > vb:
			return -1
		case va < vb:
			return 1
		}
		return 0
	})
	const shown = 3
	var moves []string
	for _, j := range order[:min(shown, len(order))] {
		way := "grows"
		if r.Descent[j] < 0 {
			way = "falls"
		}
		moves = append(moves, r.problem.varName(j)+" "+way)
	}
	verb, slope := "falls", -r.Slope
	if r.problem.maximise {
		verb = "grows"
	}
	return fmt.Sprintf("The objective %s at rate %.2g in an allowed direction in which %s%s.", verb, slope, strings.Join(moves, ", "), others(len(order)-shown))
}

// qualification is the sentence on constraint qualifications.
func (r *Report) qualification() string {
	name := func(s string) string {
		if r.Class == Stationary || r.Pairs == 0 {
			return s
		}
		return "MPCC-" + s
	}
	unique, many := "", ""
	if r.Multipliers != nil {
		unique, many = ", so that the multipliers are unique", ": there are many multipliers"
	}
	switch {
	case r.LICQ == Yes && r.Active == 0:
		return ""
	case r.LICQ == Yes && r.Active == 1:
		return fmt.Sprintf("%s holds: one constraint is active, and its gradient is not zero.", name("LICQ"))
	case r.LICQ == Yes:
		return fmt.Sprintf("%s holds: the gradients of the %d active constraints are independent%s.", name("LICQ"), r.Active, unique)
	case r.MFCQ == Yes:
		return fmt.Sprintf("%s holds and %s %s.", name("MFCQ"), name("LICQ"), fails(r.LICQ))
	case r.LICQ == No && r.MFCQ == No:
		return fmt.Sprintf("%s and %s fail%s.", name("LICQ"), name("MFCQ"), many)
	case r.LICQ == No:
		return fmt.Sprintf("%s fails; %s is undecided.", name("LICQ"), name("MFCQ"))
	}
	return ""
}

func fails(v Verdict) string {
	if v == No {
		return "fails"
	}
	return "is undecided"
}

// pairNames lists pairs.
func (r *Report) pairNames(pairs []int) string {
	var names []string
	for _, k := range pairs {
		name := r.problem.pairName(k)
		if !r.problem.nameless {
			name = "the pair " + name
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

// others is a continuation of a list that is cut short.
func others(n int) string {
	if n <= 0 {
		return ""
	}
	return fmt.Sprintf(" (and %d more)", n)
}

func plural(n int, word string) string {
	if n == 1 {
		return "one " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

func upperFirst(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
