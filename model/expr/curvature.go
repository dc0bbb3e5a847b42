package expr

// Curvature is the shape of a function of some of its variables.
type Curvature uint8

// The curvatures. Each of the first three is also the ones that contain it: a
// constant is affine, an affine function is both convex and concave.
const (
	Constant Curvature = iota
	Affine
	Convex
	Concave
	Unknown
)

// String returns the curvature in words.
func (c Curvature) String() string {
	if c > Unknown {
		return "invalid"
	}
	return [...]string{"constant", "affine", "convex", "concave", "unknown"}[c]
}

// IsConvex reports whether a function of curvature c is convex.
func (c Curvature) IsConvex() bool { return c <= Convex }

// IsConcave reports whether a function of curvature c is concave.
func (c Curvature) IsConcave() bool { return c <= Affine || c == Concave }

// IsAffine reports whether a function of curvature c is affine.
func (c Curvature) IsAffine() bool { return c <= Affine }

// negated is the curvature of -f.
func (c Curvature) negated() Curvature {
	switch c {
	case Convex:
		return Concave
	case Concave:
		return Convex
	}
	return c
}

// plus is the curvature of f + g.
func (c Curvature) plus(b Curvature) Curvature {
	switch {
	case c.IsAffine() && b.IsAffine():
		return max(c, b)
	case c.IsConvex() && b.IsConvex():
		return Convex
	case c.IsConcave() && b.IsConcave():
		return Concave
	}
	return Unknown
}

// times is the curvature of p*f for a number p of the given sign.
func (c Curvature) times(s Sign) Curvature {
	switch {
	case s == SignZero:
		return Constant
	case c.IsAffine() || s == SignNonNegative:
		return c
	case s == SignNonPositive:
		return c.negated()
	}
	return Unknown
}

// Curvature returns the shape of n as a function of the variables for which own is
// true, the others being fixed anywhere within their bounds: 3*p*y is affine in y, and
// p*y^2 is convex in y if p >= 0.
//
// Convex means: for all x, y within the bounds at which n and all its
// subexpressions have values, f(tx + (1-t)y) <= t f(x) + (1-t) f(y) wherever the left
// side has a value. The rules are those of disciplined convex programming with
// intervals for signs and monotonicity, plus squares over affine functions, norms,
// log-sum-exp and entropies g log g. They are sufficient, not necessary: Unknown says
// nothing. A nil own is true for all, nil bounds are infinite.
//
// Source: Grant, Boyd, Ye, Disciplined convex programming (2006).
func (d *DAG) Curvature(n Node, own func(v int) bool, bounds func(v int) (lo, hi float64)) Curvature {
	s := acquire(d)
	defer s.release()
	order := s.walk(d, n)
	c := curvatures{d: d, own: own, pos: s.positions(d, order), known: make([]shape, len(order))}
	box := func(v int) Interval {
		if bounds == nil {
			return Everything
		}
		lo, hi := bounds(v)
		return Interval{lo, hi}
	}
	defined := func(Node) bool { return false } // where subexpressions have no value nothing is said
	for k, m := range order {
		c.known[k].box = d.intervalNode(m, c.box, defined, box)
		c.known[k].curvature = c.node(m)
	}
	return c.of(n)
}

// shape is what is known of a node.
type shape struct {
	curvature Curvature
	box       Interval
}

type curvatures struct {
	d     *DAG
	own   func(v int) bool
	pos   []int32 // node -> its index in known
	known []shape
}

func (c *curvatures) of(n Node) Curvature { return c.known[c.pos[n]].curvature }
func (c *curvatures) box(n Node) Interval { return c.known[c.pos[n]].box }
func (c *curvatures) sign(n Node) Sign    { return c.known[c.pos[n]].box.Sign() }

func (c *curvatures) node(n Node) Curvature {
	d := c.d
	args := d.Args(n)
	op := d.Op(n)
	if op == OpVar {
		if c.own == nil || c.own(d.VarIndex(n)) {
			return Affine
		}
		return Constant
	}
	constant := true
	for _, a := range args {
		constant = constant && c.of(a) == Constant
	}
	if constant {
		return Constant
	}
	switch op {
	case OpSum:
		sum := Constant
		for k, coef := range d.Coefs(n) {
			sum = sum.plus(c.of(args[k]).times(Point(coef).Sign()))
		}
		return sum
	case OpMul:
		return c.product(args)
	case OpDiv:
		return c.quotient(args[0], args[1])
	case OpPow:
		return c.power(args[0], args[1])
	case OpMin, OpMax:
		return c.extremum(op, args)
	case OpLess: // max(a-b, 0)
		if c.of(args[0]).plus(c.of(args[1]).negated()).IsConvex() {
			return Convex
		}
	case OpIf:
		if c.of(args[0]) == Constant { // one branch everywhere
			return either(c.of(args[1]), c.of(args[2]))
		}
		switch truths(c.box(args[0])) {
		case Interval{1, 1}:
			return c.of(args[1])
		case Interval{}:
			return c.of(args[2])
		}
	case OpSqrt:
		if c.sumOfSquares(args[0]) {
			return Convex
		}
		return c.unary(op, args[0])
	case OpLog, OpLog10:
		if c.sumOfExps(args[0]) {
			return Convex
		}
		return c.unary(op, args[0])
	default:
		if len(args) == 1 {
			return c.unary(op, args[0])
		}
	}
	return Unknown
}

// either is the curvature of a function that has one of two.
func either(a, b Curvature) Curvature {
	switch {
	case a.IsAffine() && b.IsAffine():
		return max(a, b)
	case a.IsConvex() && b.IsConvex():
		return Convex
	case a.IsConcave() && b.IsConcave():
		return Concave
	}
	return Unknown
}

// product handles one factor that varies, the others being parameters, and an entropy g log g.
func (c *curvatures) product(args []Node) Curvature {
	scale := Point(1)
	var vary []Node
	for _, a := range args {
		if c.of(a) == Constant {
			scale = scale.Mul(c.box(a))
			continue
		}
		vary = append(vary, a)
	}
	switch {
	case len(vary) == 1:
		return c.of(vary[0]).times(scale.Sign())
	case len(vary) == 2 && (c.isEntropy(vary[0], vary[1]) || c.isEntropy(vary[1], vary[0])):
		return Convex.times(scale.Sign())
	}
	return Unknown
}

// isEntropy reports whether n is log(p g) with a p > 0 that does not vary and an affine g: then g n is convex where it has a value.
func (c *curvatures) isEntropy(g, n Node) bool {
	d := c.d
	if op := d.Op(n); op != OpLog && op != OpLog10 || !c.of(g).IsAffine() {
		return false
	}
	a := d.Args(n)[0]
	if c.isMultiple(a, g) {
		return true
	}
	positive := func(p Node) bool { return c.of(p) == Constant && c.box(p).Lo > 0 }
	switch args := d.Args(a); d.Op(a) {
	case OpDiv:
		return c.isMultiple(args[0], g) && positive(args[1])
	case OpMul:
		return len(args) == 2 && (c.isMultiple(args[0], g) && positive(args[1]) || c.isMultiple(args[1], g) && positive(args[0]))
	}
	return false
}

// isMultiple reports whether a is a positive number times g.
func (c *curvatures) isMultiple(a, g Node) bool {
	ca, va, aa := c.d.Flatten(a)
	cg, vg, ag := c.d.Flatten(g)
	if len(aa) != len(ag) || len(aa) == 0 {
		return false
	}
	k := va[0] / vg[0]
	if !(k > 0) || ca != k*cg {
		return false
	}
	for i := range aa {
		if aa[i] != ag[i] || va[i] != k*vg[i] {
			return false
		}
	}
	return true
}

func (c *curvatures) quotient(num, den Node) Curvature {
	if c.of(den) == Constant {
		s := Point(1).Div(c.box(den)).Sign()
		return c.of(num).times(s)
	}
	inverse := c.compose(den, powerShape(-1, c.box(den)))
	if c.of(num) == Constant {
		return inverse.times(c.sign(num))
	}
	// g^2/h is convex for affine g and concave h > 0.
	if c.sumOfSquares(num) {
		if c.sign(den) == SignNonNegative && c.of(den).IsConcave() {
			return Convex
		}
		if c.sign(den) == SignNonPositive && c.of(den).IsConvex() {
			return Concave
		}
	}
	return Unknown
}

func (c *curvatures) power(base, exponent Node) Curvature {
	if c.of(exponent) == Constant {
		e := c.box(exponent)
		if e.Lo == e.Hi {
			return c.compose(base, powerShape(e.Lo, c.box(base)))
		}
		// A parameter: what the range of exponents has in common, for bases >= 0.
		if b := c.box(base); b.Lo < 0 {
			return Unknown
		}
		switch {
		case e.Lo >= 1:
			return c.compose(base, form{Convex, rising})
		case e.Lo >= 0 && e.Hi <= 1:
			return c.compose(base, form{Concave, rising})
		case e.Hi <= 0:
			return c.compose(base, form{Convex, falling})
		}
		return Unknown
	}
	// b^g = exp(g log b)
	if b := c.box(base); c.of(base) == Constant && b.Lo >= 0 {
		switch {
		case b.Lo >= 1:
			return c.compose(exponent, form{Convex, rising})
		case b.Hi <= 1 && b.Lo > 0:
			return c.compose(exponent, form{Convex, falling})
		case b.Lo > 0:
			return c.compose(exponent, form{Convex, neither})
		}
	}
	return Unknown
}

func (c *curvatures) extremum(op Op, args []Node) Curvature {
	for _, a := range args {
		if op == OpMin && !c.of(a).IsConcave() || op == OpMax && !c.of(a).IsConvex() {
			return Unknown
		}
	}
	if op == OpMin {
		return Concave
	}
	return Convex
}

func (c *curvatures) unary(op Op, a Node) Curvature {
	return c.compose(a, unaryShape(op, c.box(a)))
}

// compose is the curvature of f(a) for a function f of one variable.
func (c *curvatures) compose(a Node, f form) Curvature {
	g := c.of(a)
	if f.shape == Affine {
		return g.times(SignNonNegative).orNegated(f.slope)
	}
	monotone := g.IsAffine() ||
		f.shape == Convex && (f.slope == rising && g == Convex || f.slope == falling && g == Concave) ||
		f.shape == Concave && (f.slope == rising && g == Concave || f.slope == falling && g == Convex)
	if monotone {
		return f.shape
	}
	return Unknown
}

func (c Curvature) orNegated(s slope) Curvature {
	if s == falling {
		return c.negated()
	}
	return c
}

// isSquare reports whether n >= 0 is a convex function whose square root is
// convex: g^2 for an affine g, or for a convex g >= 0 or concave g <= 0.
func (c *curvatures) isSquare(n Node) bool {
	d := c.d
	if d.Op(n) != OpPow {
		return false
	}
	g := d.Args(n)[0]
	if k, ok := d.IsConst(d.Args(n)[1]); !ok || k != 2 {
		return false
	}
	return c.of(g).IsAffine() || c.of(g) == Convex && c.sign(g) == SignNonNegative ||
		c.of(g) == Concave && c.sign(g) == SignNonPositive
}

// sumOfSquares reports whether n is a sum of squares with non-negative weights: then
// sqrt(n) is a norm.
func (c *curvatures) sumOfSquares(n Node) bool {
	return c.positiveSum(n, c.isSquare)
}

// sumOfExps reports whether n is a sum of exponentials of convex functions with
// non-negative weights: then log(n) is convex.
func (c *curvatures) sumOfExps(n Node) bool {
	return c.positiveSum(n, func(m Node) bool {
		return c.d.Op(m) == OpExp && c.of(c.d.Args(m)[0]).IsConvex()
	})
}

// positiveSum reports whether n is a sum with non-negative weights, which may be
// parameters, of terms that are like the given ones or non-negative parameters.
func (c *curvatures) positiveSum(n Node, like func(Node) bool) bool {
	d := c.d
	term := func(m Node) bool {
		if c.of(m) == Constant {
			return c.sign(m) == SignNonNegative || c.sign(m) == SignZero
		}
		if like(m) {
			return true
		}
		if d.Op(m) != OpMul {
			return false
		}
		found := false
		for _, a := range d.Args(m) {
			switch {
			case c.of(a) == Constant && c.sign(a) == SignNonNegative:
			case !found && like(a):
				found = true
			default:
				return false
			}
		}
		return found
	}
	if d.Op(n) != OpSum {
		return term(n)
	}
	if d.Value(n) < 0 {
		return false
	}
	for k, a := range d.Args(n) {
		if !(d.Coefs(n)[k] >= 0) || !term(a) {
			return false
		}
	}
	return true
}
