package nl

import "github.com/gobilevel/bilevel/model/expr"

// value is an expression that was read. size is a limit of the number of terms that it has when sums are flattened and products of sums
// are multiplied out.
type value struct {
	node expr.Node
	size int32
}

// manyTerms is where counting terms stops.
const manyTerms = 1 << 30

func added(a, b int32) int32 { return int32(min(int64(a)+int64(b), manyTerms)) }

func multiplied(a, b int32) int32 { return int32(min(int64(a)*int64(b), manyTerms)) }

// frame is an operation whose arguments are being read: those on the stack of values from first on.
type frame struct {
	code, want, first int
}

// expression reads an expression. It keeps open operations on a stack, so that depth costs no recursion.
func (r *reader) expression() value {
	s := r.s
	frames, values := r.frames[:0], r.values[:0]
	for s.err == nil {
		switch c := s.letter(); c {
		case 'n':
			values = append(values, value{r.d.Const(s.float()), 1})
		case 's':
			values = append(values, value{r.d.Const(float64(s.short())), 1})
		case 'l':
			values = append(values, value{r.d.Const(float64(s.int())), 1})
		case 'v':
			k := s.index(r.vars+r.common, "variable")
			if s.err != nil {
				break
			}
			v := r.known(k)
			if v.size == 0 {
				s.fail("the common expression %d is used before it is defined", k)
			}
			values = append(values, v)
		case 'o':
			code := s.int()
			if s.err != nil {
				break
			}
			f, ok := arguments(code)
			switch {
			case !ok:
				s.unsupported("write the model without it", "the operation %s", operationName(code))
			case code == opPiecewise:
				values = append(values, r.piecewise())
			default:
				if f < 0 {
					s.row()
					f = s.count("operands")
				}
				frames = append(frames, frame{code, f, len(values)})
			}
		case 'f':
			s.unsupported("write it as an expression", "an imported function")
		case 0:
			s.fail("the file ends within an expression")
		default:
			s.fail("%q where an expression was due", c)
		}
		for s.err == nil && len(frames) > 0 && len(values) == frames[len(frames)-1].first+frames[len(frames)-1].want {
			f := frames[len(frames)-1]
			frames = frames[:len(frames)-1]
			made := r.combine(f.code, values[f.first:])
			values = append(values[:f.first], made)
		}
		if len(frames) == 0 && len(values) == 1 {
			r.frames, r.values = frames, values
			return values[0]
		}
	}
	r.frames, r.values = frames, values
	return value{size: 1}
}

// piecewise reads a piecewise linear term: its slopes and breakpoints in turn, and its variable. It passes through zero at zero:
//
//	f(x) = g(x) - g(0),   g(x) = slope_0 x + Σ (slope_i - slope_{i-1}) max(x - break_i, 0)
func (r *reader) piecewise() value {
	s, d := r.s, r.d
	s.row()
	n := s.count("slopes")
	numbers := make([]float64, 0, max(2*n-1, 0))
	for k := 0; k < 2*n-1 && s.err == nil; k++ {
		switch c := s.letter(); c {
		case 'n':
			numbers = append(numbers, s.float())
		case 's':
			numbers = append(numbers, float64(s.short()))
		case 'l':
			numbers = append(numbers, float64(s.int()))
		default:
			s.fail("%q where a slope or breakpoint was due", c)
		}
	}
	if c := s.letter(); s.err == nil && c != 'v' {
		s.fail("%q where the variable of a piecewise linear term was due", c)
	}
	k := s.index(r.vars+r.common, "variable")
	if s.err != nil {
		return value{size: 1}
	}
	v := r.known(k)
	if n == 0 || v.size == 0 {
		s.fail("a piecewise linear term without slopes, or of a common expression that is not defined yet")
		return value{size: 1}
	}
	x := v.node
	nodes, coefs := []expr.Node{x}, []float64{numbers[0]}
	constant := 0.0
	for k := 1; k < n; k++ {
		step, at := numbers[2*k]-numbers[2*k-2], numbers[2*k-1]
		nodes, coefs = append(nodes, d.Binary(expr.OpLess, x, d.Const(at))), append(coefs, step)
		constant -= step * max(-at, 0)
	}
	return value{d.Linear(constant, coefs, nodes), added(int32(min(n, manyTerms)), v.size)}
}
