package bilevel

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/branch"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/reform"
)

// Plan is a way from a model to a backend.
type Plan struct {
	Passes  []string // in the order of their application
	Backend string
	Why     []string // the reasons for the choice
}

// String is the chain and the backend: "kkt-strong+probe -> branch".
func (p Plan) String() string {
	chain := strings.Join(p.Passes, "+")
	if chain == "" {
		chain = "as it is"
	}
	return chain + " -> " + p.Backend
}

// Rejected is a way that was not taken and the reason.
type Rejected struct {
	Chain   string
	Backend string // "" where the chain itself is impossible
	Reason  string
}

// Explanation says what a model is, how it would be solved and why not in other ways.
type Explanation struct {
	Classification *model.Classification
	Constructs     model.Constructs
	Plan           *Plan  // nil where there is none
	NoPlan         string // why there is none
	// Statements say what is known of each follower whose optimality conditions take its place, in the order of the model; nil where the plan
	// does not use them. Of linear and convex quadratic followers all is known.
	Statements []*model.FollowerStatement
	Rejected   []Rejected
	Notes      []string
}

// passNames are the reformulations that Options.Reform may name.
var passNames = []string{"pessimistic", "price-product", "convexify", "dual-product", "dualise", "kkt", "kkt-strong", "fritz-john", "strong-duality", "normalise", "probe", "big-m", "sos1", "indicator", "binaries",
	"relax:scholtes", "relax:lin-fukushima", "relax:kadrani", "relax:steffensen-ulbrich", "relax:kanzow-schwartz",
	"ncp:smoothed", "ncp:fischer-burmeister", "ncp:min", "ncp:penalised", "ncp:chks", "product", "penalty",
	"value-function", "value-function:penalty", "epigraph", "smooth", "tikhonov"}

// PassNames lists the reformulations that Options.Reform may name.
func PassNames() []string { return append([]string(nil), passNames...) }

// pass makes a reformulation by its name.
func (s *solver) pass(name string, m *model.Model) reform.Pass {
	switch name {
	case "pessimistic":
		return s.tiePass()
	case "price-product":
		return reform.PriceProduct{}
	case "convexify":
		return reform.Convexify{}
	case "dual-product":
		return reform.DualProduct{}
	case "dualise":
		return reform.Dualise{Point: feasiblePoint}
	case "kkt":
		return reform.KKT{Stationary: s.asksFor(name)}
	case "kkt-strong":
		return reform.KKT{Inequality: true, Stationary: s.asksFor(name)}
	case "fritz-john":
		return reform.FritzJohn{Stationary: s.asksFor(name)}
	case "strong-duality":
		return reform.StrongDuality{}
	case "epigraph":
		return reform.Epigraph{}
	case "smooth":
		return reform.Smooth{Mu: s.opt.RelaxT}
	case "tikhonov":
		return reform.Tikhonov{Alpha: s.opt.RelaxT}
	case "normalise":
		return reform.Normalise{}
	case "probe":
		return branch.Probe{}
	case "big-m":
		return reform.BigM{Given: s.bigM, Relax: relax, Only: only("big-m"), Loose: s.loose(m)}
	case "sos1":
		return reform.SOS1{Only: only("sos1")}
	case "indicator":
		return reform.Indicator{Only: only("indicator")}
	case "product":
		return reform.Product{Only: only(name)}
	case "value-function", "value-function:penalty":
		return s.valueFunctionPass(name)
	case "penalty":
		return reform.Penalty{Rho: s.opt.Penalty, Only: only(name)}
	}
	for _, k := range reform.RelaxKinds() {
		if p := (reform.Relax{Kind: k, T: s.opt.RelaxT, Only: only(name)}); p.Name() == name {
			return p
		}
	}
	for _, k := range reform.NCPKinds() {
		if p := (reform.NCP{Kind: k, T: s.opt.RelaxT, Only: only(name)}); p.Name() == name {
			return p
		}
	}
	return reform.Binaries{Given: s.bigM, Relax: relax}
}

// asksFor reports whether the options name a pass: what it then makes of a follower that is not convex is asked for.
func (s *solver) asksFor(name string) bool {
	return contains(strings.Split(strings.ReplaceAll(s.opt.Reform, " ", ""), "+"), name)
}

// loose is the size from which bounds are tightened by LPs: all of them where the model falls into blocks, whose LPs are small.
func (s *solver) loose(m *model.Model) float64 {
	for j := 0; j < m.NumVars(); j++ {
		if m.VarGroup(j) > 1 {
			return 1e-9
		}
	}
	return bigMLimit
}

// relax makes the LPs from which bounds are proven.
func relax(m *model.Model) (reform.Maximiser, error) { return branch.NewMaximiser(m), nil }

// only keeps a pass off pairs for which the modeller wants another one.
func only(name string) func(m *model.Model, k int) bool {
	return func(m *model.Model, k int) bool {
		want := reform.Canonical(m.PairSteer(k).Reform)
		return want == "" || want == name
	}
}

// removesPairs reports whether a pass writes pairs in another way.
func removesPairs(name string) bool {
	return name == "big-m" || name == "sos1" || name == "indicator" || smoothsPairs(name)
}

// smoothsPairs reports whether a pass writes pairs in smooth functions.
func smoothsPairs(name string) bool {
	return name == "product" || name == "penalty" || strings.HasPrefix(name, "relax:") || strings.HasPrefix(name, "ncp:")
}

// removesFollowers reports whether a pass replaces followers.
func removesFollowers(name string) bool {
	return name == "dualise" || name == "kkt" || name == "kkt-strong" || name == "fritz-john" || name == "strong-duality"
}

// needsNoFollowers reports whether a pass works on what the replacement of followers leaves.
func needsNoFollowers(name string) bool {
	return removesPairs(name) || name == "probe" || name == "binaries"
}

// chain is the list of passes for a model: what the options name, completed by what is needed before and between and, unless only a stage
// is asked for, after.
func (s *solver) chain(m *model.Model, stage bool) ([]string, error) {
	auto := s.opt.Reform == "" || s.opt.Reform == "auto"
	var named []string
	if !auto {
		var err error
		if named, err = reform.Parse(s.opt.Reform, slices.Concat(PassNames(), MethodNames())); err != nil {
			return nil, err
		}
		if err := checkValueFunctionChain(named); err != nil {
			return nil, err
		}
		if err := checkGlobalChain(named); err != nil {
			return nil, err
		}
		if err := checkAnswerCutsChain(named); err != nil {
			return nil, err
		}
		if err := checkRegionsChain(named); err != nil {
			return nil, err
		}
		if err := checkAnswerWays(named, stage); err != nil {
			return nil, err
		}
	}
	if err := s.checkBackendName(); err != nil {
		return nil, err
	}
	if s.breaksTies() {
		return s.tieChain(named)
	}
	if auto {
		if first, next := s.removesKinks(m); next != nil {
			rest, err := s.chain(next, stage)
			return append([]string{first}, rest...), err
		}
	}
	var out []string
	followers := m.NumFollowers() > 0
	if auto && followers && s.dualises(m) {
		return append(out, "dualise"), nil
	}
	if followers && (reform.PriceProduct{}).Accepts(m) == nil && !contains(named, "price-product") && !contains(named, "dualise") && !anyOf(named, namesValueFunction) && !(stage && !anyOf(named, removesFollowers) && !anyOf(named, needsNoFollowers)) {
		out = append(out, "price-product")
	}
	if auto {
		if s.whole = followers && s.pricesWholeAnswers(m); s.whole || followers && s.withoutPairs(m) {
			out = append(out, "strong-duality")
		} else if followers {
			out = append(out, "kkt-strong")
		}
		return out, nil
	}
	replaced := !followers || anyOf(named, removesFollowers)
	for _, n := range named {
		if !replaced && needsNoFollowers(n) {
			out, replaced = append(out, "kkt"), true
		}
		out = append(out, n)
	}
	if !replaced && !stage {
		out = append(out, "kkt")
	}
	return out, nil
}

func (s *solver) checkBackendName() error {
	b := s.opt.Backend
	if b == "" || b == "auto" {
		return nil
	}
	_, err := backends.Open(b)
	return err
}

func contains(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}

func anyOf(list []string, f func(string) bool) bool {
	for _, v := range list {
		if f(v) {
			return true
		}
	}
	return false
}

// bigMLimit and bigMPairs decide between HiGHS on proven big-M and the search on pairs: HiGHS where more pairs than bigMPairs are open, all
// members have a proven bound, and the largest is at most bigMLimit. Larger constants weaken the relaxation and the arithmetic.
const (
	bigMLimit = 1e5
	bigMPairs = 100
)

// finish decides, from the model with pairs that the chain so far has made, the passes that are left and the backend, with reasons.
func (s *solver) finish(m *model.Model) (passes []string, backend string, why []string, err error) {
	want := s.opt.Backend
	if want == "auto" {
		want = ""
	}
	auto := s.opt.Reform == "" || s.opt.Reform == "auto"
	c := m.Constructs()
	found := c
	if c.Has(model.MixedPairs) {
		passes = append(passes, "normalise")
		c = c&^model.MixedPairs | model.Complementarity
		why = append(why, "mixed pairs become standard ones")
	}
	steered := steeredPasses(m)
	switch {
	case c.Has(model.Complementarity) && auto && len(steered) == 0 && c&(model.NonlinearFunctions|model.QuadraticRows|model.QuadraticObjective) == 0:
		passes = append(passes, "probe")
		if want == "" && s.pickBigM(m) {
			return append(passes, "big-m"), "highs", append(why, fmt.Sprintf("%d pairs: HiGHS on big-M, if probing and LPs prove all of them; otherwise the pairs are searched", m.NumPairs())), nil
		}
		if want != "" && want != "branch" {
			if b, err := backends.Open(want); err == nil && b.Capabilities().Takes.Has(model.SOS1Sets) {
				return append(passes, "sos1"), want, append(why, want+" takes no pairs: SOS1 sets"), nil
			}
			return append(passes, "big-m"), want, append(why, want+" takes no pairs: big-M"), nil
		}
		return passes, "branch", append(why, "pairs are searched without big-M"), nil
	case c.Has(model.Complementarity) && (auto || len(steered) > 0):
		if auto && want == "branch" {
			return passes, want, why, nil
		}
		passes = append(passes, steered...)
		if !contains(steered, "big-m") {
			passes = append(passes, "big-m")
		}
		c = c&^model.Complementarity | model.IntegerVariables
		for _, p := range steered {
			if p == "sos1" {
				c |= model.SOS1Sets
			}
			if p == "indicator" {
				c |= model.IndicatorRows
			}
		}
		why = append(why, "the model asks for "+strings.Join(steered, ", ")+" on some of its pairs")
	}
	if want != "" {
		b, err := backends.Open(want)
		if err != nil {
			return nil, "", nil, err
		}
		if c&(model.SOS1Sets|model.IndicatorRows) != 0 && !b.Capabilities().Takes.Has(c&(model.SOS1Sets|model.IndicatorRows)) {
			passes = append(passes, "binaries")
			why = append(why, fmt.Sprintf("%s takes no %v: binary variables", want, c&(model.SOS1Sets|model.IndicatorRows)))
		}
		return passes, want, why, nil
	}
	if c&(model.SOS1Sets|model.IndicatorRows) != 0 {
		if b, err := backends.Open("branch"); err == nil && c.Without(b.Capabilities().Takes) == 0 {
			return passes, "branch", append(why, "branch takes the model as it is"), nil
		}
		if reason := setsWithoutBigM(m, c); reason != "" {
			return passes, "lpsolve", append(why, reason), nil
		}
		passes = append(passes, "binaries")
		c = c&^(model.SOS1Sets|model.IndicatorRows) | model.IntegerVariables
		why = append(why, "binary variables for SOS1 sets and indicator constraints")
	}
	name, reason := pickBackend(c)
	if name == "" {
		return nil, "", nil, &NoPlanError{Constructs: found, Where: m.Where(hard(found)), Reason: reason + s.whyQuadratic(m, found)}
	}
	return passes, name, append(why, fmt.Sprintf("%s takes what is left: %v", name, c)), nil
}

// hard are the constructs among c that no backend takes, for the place that a message names.
func hard(c model.Constructs) model.Constructs {
	if h := c & (model.NonlinearFunctions | model.QuadraticRows | model.QuadraticObjective); h != 0 {
		return h
	}
	return c
}

// whyQuadratic adds why the products in the leader's objective could not be replaced.
func (s *solver) whyQuadratic(m *model.Model, c model.Constructs) string {
	if !c.Has(model.QuadraticObjective) || s.m.NumFollowers() == 0 {
		return ""
	}
	why := ""
	for _, p := range []reform.Pass{reform.PriceProduct{}, reform.Convexify{}, reform.DualProduct{}} {
		if err := p.Accepts(s.m); err != nil {
			why += "; " + p.Name() + ": " + reasonOf(err)
		}
	}
	return why
}

// pickBigM reports whether HiGHS on big-M is worth trying: many pairs and a linear objective. Whether the bounds can be proven is seen after
// probing, see solver.weak. The second point of reform.Pessimistic is one of a cone: there they never can.
func (s *solver) pickBigM(m *model.Model) bool {
	return !s.breaksTies() && m.NumPairs() > bigMPairs && m.Leader().Objective().F.IsAffine()
}

// setsLimit is the number of SOS1 sets up to which they are left to the search of backend lpsolve.
const setsLimit = 60

// setsWithoutBigM says why the SOS1 sets of a model go to backend lpsolve as they are, "" where they do not: binary variables and HiGHS are
// faster where every member has bounds, and where there are many sets. In between, a big-M would have to be assumed.
func setsWithoutBigM(m *model.Model, c model.Constructs) string {
	sets := m.SOS1Sets()
	b, err := backends.Open("lpsolve")
	if err != nil || len(sets) == 0 || len(sets) > setsLimit || c.Without(b.Capabilities().Takes) != 0 {
		return ""
	}
	for _, s := range sets {
		for _, j := range s.Vars {
			if lo, hi := m.VarBounds(int(j)); math.IsInf(lo, -1) || math.IsInf(hi, 1) {
				return "lpsolve takes SOS1 sets; binary variables would need a bound on " + m.VarName(int(j))
			}
		}
	}
	return ""
}

// pickBackend chooses a backend that takes the constructs.
func pickBackend(c model.Constructs) (name, reason string) {
	order := []string{"highs", "branch"}
	if c.Has(model.ConvexQuadraticObjective) {
		// The search solves QPs by HiGHS, too, and by tangents where that fails; and it takes integer variables beside them.
		order = []string{"branch", "highs"}
	}
	var missing []string
	for _, n := range order {
		b, err := backends.Open(n)
		if err != nil {
			missing = append(missing, err.Error())
			continue
		}
		extra := c.Without(b.Capabilities().Takes)
		if extra == 0 {
			return n, ""
		}
		missing = append(missing, fmt.Sprintf("%s does not take %v", n, extra))
	}
	if b, err := backends.Open("lpsolve"); err == nil && c.Without(b.Capabilities().Takes) == 0 {
		return "lpsolve", "" // in a binary without HiGHS
	}
	return "", strings.Join(missing, "; ")
}

// steeredPasses lists the passes that the modeller asks for on single pairs.
func steeredPasses(m *model.Model) []string {
	var out []string
	for k := 0; k < m.NumPairs(); k++ {
		if w := reform.Canonical(m.PairSteer(k).Reform); w != "" && removesPairs(w) && !contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// followedPairs is the method by which pairs are followed to their limit where none is named but pairs ask for one: a smooth program has one method for
// all of its pairs.
func (s *solver) followedPairs(m *model.Model, named string) string {
	if named != "" {
		return named
	}
	steered := steeredPasses(m)
	for _, p := range steered {
		if smoothsPairs(p) {
			s.notes = append(s.notes, fmt.Sprintf("the model asks for %s on some of its pairs: all are followed by %s", strings.Join(steered, ", "), p))
			return p
		}
	}
	return ""
}

// NoPlanError says that no chain of reformulations leads from the model to a backend in this binary.
type NoPlanError struct {
	Constructs model.Constructs
	Where      string
	Reason     string
}

func (e *NoPlanError) Error() string {
	at := ""
	if e.Where != "" {
		at = " (" + e.Where + ")"
	}
	return fmt.Sprintf("no way to solve a model with %v%s: %s", e.Constructs, at, e.Reason)
}
