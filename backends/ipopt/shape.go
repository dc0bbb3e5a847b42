package ipopt

import (
	"fmt"
	"math"
	"slices"

	"github.com/gobilevel/bilevel/model/smooth"
)

// shape is a program as the library gets it. Rows without sides are left out, and so are those without variables. Where there are more
// equations than variables to move, which the library refuses, auxiliary variables d make up for it: they are in no row and add ½d² to the
// objective.
type shape struct {
	n, m               int     // with auxiliary variables, without the rows left out
	own                int     // variables of the program, the first ones
	keep               []int32 // program's row by row, nil: all are kept
	lower, upper       []float64
	rowLower, rowUpper []float64
	jacRows, jacCols   []int32
	jacFrom            []int32 // place in the program's Jacobian by place, nil: the same
	hessRows, hessCols []int32
	moving             int       // variables whose bounds differ
	constants          []float64 // values of the program's rows, where one without variables asked for them
	impossible         string    // why no point is feasible, "" where that is open
}

// infinite is the magnitude from which the library takes a bound as infinite.
const infinite = 1e19

// shapeOf makes the shape of a program. The sides of rows that are no equations are moved outwards by slack, at most 1e-8 of their size, so
// that there is room between those that meet: without it multipliers grow beyond all bounds. Bounds stay as they are: functions have values
// between them, and maybe nowhere else. Errors say which number is wrong.
func shapeOf(p smooth.Program, slack, feasibility float64) (*shape, error) {
	s := &shape{own: p.NumVars()}
	jac, _ := p.JacobianPattern()
	hess, _ := p.HessianPattern()
	if max(2*p.NumVars(), p.NumVars()+p.NumRows(), len(jac), p.NumVars()+len(hess)) > math.MaxInt32 {
		return nil, &ProgramError{Variable: -1, Row: -1, Reason: "more variables, rows or nonzeros than the library's 32-bit indices reach"}
	}
	lo, hi := p.Bounds()
	for j := range lo {
		if math.IsNaN(lo[j]) || math.IsNaN(hi[j]) {
			return nil, &ProgramError{Variable: j, Row: -1, Reason: "a bound is not a number"}
		}
		if lo[j] > hi[j] || lo[j] >= infinite || hi[j] <= -infinite {
			s.impossible = fmt.Sprintf("variable %d has no value between its bounds %v and %v", j, lo[j], hi[j])
		}
		if lo[j] != hi[j] {
			s.moving++
		}
	}
	s.lower, s.upper = slices.Clip(lo), slices.Clip(hi) // appending copies; the library copies what it is given
	rows, err := s.takeRows(p, slack, feasibility)
	if err != nil {
		return nil, err
	}
	s.takePatterns(p, rows)
	s.n = s.own
	// One variable more than equations: of a square system the library looks for any point, and does not mind multipliers.
	if more := s.equations() - s.moving + 1; more > 0 && s.equations() > 0 {
		for ; more > 0; more-- {
			s.lower, s.upper = append(s.lower, math.Inf(-1)), append(s.upper, math.Inf(1))
			s.hessRows, s.hessCols = append(s.hessRows, int32(s.n)), append(s.hessCols, int32(s.n))
			s.n++
		}
	}
	return s, nil
}

// widened moves bounds by slack in a direction, at most 1e-8 of their size.
func widened(bounds []float64, slack, direction float64) []float64 {
	out := slices.Clone(bounds)
	for k, b := range out {
		if math.Abs(b) < infinite {
			out[k] += direction * math.Min(slack, relaxation*math.Max(1, math.Abs(b)))
		}
	}
	return out
}

// takeRows keeps the rows that have a side and a variable, and returns the new number by the program's, nil where all are kept.
func (s *shape) takeRows(p smooth.Program, slack, feasibility float64) ([]int32, error) {
	lo, hi := p.RowBounds()
	number := make([]int32, len(lo))
	for r := range number {
		number[r] = -1
	}
	rows, _ := p.JacobianPattern()
	for _, r := range rows {
		number[r] = 0
	}
	kept := 0
	for r := range lo {
		if math.IsNaN(lo[r]) || math.IsNaN(hi[r]) {
			return nil, &ProgramError{Variable: -1, Row: r, Reason: "a side is not a number"}
		}
		if lo[r] > hi[r] || lo[r] >= infinite || hi[r] <= -infinite {
			s.impossible = fmt.Sprintf("row %d has no value between its sides %v and %v", r, lo[r], hi[r])
		}
		if free := lo[r] <= -infinite && hi[r] >= infinite; number[r] < 0 && !free {
			s.checkConstant(p, r, lo[r]-feasibility, hi[r]+feasibility)
		} else if free {
			number[r] = -1
		}
		if number[r] == 0 {
			kept++
		}
	}
	down, up := widened(lo, slack, -1), widened(hi, slack, 1)
	for r := range lo {
		if lo[r] == hi[r] {
			down[r], up[r] = lo[r], hi[r]
		}
	}
	if s.m = kept; kept == len(lo) {
		s.rowLower, s.rowUpper = down, up
		return nil, nil
	}
	s.keep = make([]int32, 0, kept)
	for r := range lo {
		if number[r] == 0 {
			number[r] = int32(len(s.keep))
			s.keep = append(s.keep, int32(r))
			s.rowLower, s.rowUpper = append(s.rowLower, down[r]), append(s.rowUpper, up[r])
		}
	}
	return number, nil
}

// checkConstant judges a row without variables.
func (s *shape) checkConstant(p smooth.Program, r int, lo, hi float64) {
	if s.constants == nil {
		s.constants = make([]float64, p.NumRows())
		x := make([]float64, p.NumVars())
		for j := range x {
			x[j] = math.Max(s.lower[j], math.Min(s.upper[j], 0))
		}
		p.Rows(x, s.constants)
	}
	if v := s.constants[r]; !(v >= lo && v <= hi) {
		s.impossible = fmt.Sprintf("row %d has no variables, and its value %v is not between its sides", r, v)
	}
}

// takePatterns copies the patterns of the rows that are kept.
func (s *shape) takePatterns(p smooth.Program, number []int32) {
	s.jacRows, s.jacCols = p.JacobianPattern()
	s.hessRows, s.hessCols = p.HessianPattern()
	s.hessRows, s.hessCols = slices.Clip(s.hessRows), slices.Clip(s.hessCols) // appending copies
	if number == nil {
		return
	}
	rows, cols := s.jacRows, s.jacCols
	s.jacRows, s.jacCols, s.jacFrom = nil, nil, []int32{}
	for k, r := range rows {
		if number[r] >= 0 {
			s.jacRows, s.jacCols, s.jacFrom = append(s.jacRows, number[r]), append(s.jacCols, cols[k]), append(s.jacFrom, int32(k))
		}
	}
}

// equations is the number of rows that are equations.
func (s *shape) equations() int {
	count := 0
	for r := range s.rowLower {
		if s.rowLower[r] == s.rowUpper[r] {
			count++
		}
	}
	return count
}
