package smooth

import (
	"math"
	"slices"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
)

// shape is what never changes of a program and is shared by clones.
//
//	f(x) = f0 + Σ fCoefs x + Σ fQuad + n(x)          n: the root of fTape
//	c(x) = constants + A x + Σ quad + N(x)           N: the roots of tape, a root for each row of rootRow
type shape struct {
	n, m   int
	sense  float64 // -1 where the objective is maximised
	groups []int32 // see Grouped

	fConst float64
	fVars  []int32
	fCoefs []float64
	fQuad  []quadTerm
	fTape  *expr.Tape // nil where the objective is quadratic

	constants []float64
	start     []int32 // A, row by row: its entries are those at start[r] to start[r+1]
	cols      []int32
	coefs     []float64
	quad      []quadTerm // sorted by row
	rootRow   []int32
	tape      *expr.Tape // nil where all rows are quadratic

	jacRows, jacCols   []int32
	constJac           []float64 // the affine part of the Jacobian
	fromTape           []int32   // entry of the tape's Jacobian: its place in the program's
	hessRows, hessCols []int32
	hessFromF, hessRow []int32 // entries of the Hessians of fTape and tape: their places in the program's
}

// quadTerm is coef*x_i*x_j in a function.
type quadTerm struct {
	coef   float64
	second float64 // the second derivative: 2 coef of a square
	i, j   int32
	row    int32
	di, dj int32 // the places of the derivatives with respect to x_i and x_j in the Jacobian; of rows only
	hess   int32 // the place of the second derivative
}

// groupsOf are the groups of a model's variables, nil where there are none.
func groupsOf(m *model.Model) []int32 {
	var groups []int32
	for j := range m.NumVars() {
		if g := m.VarGroup(j); g > 0 {
			if groups == nil {
				groups = make([]int32, m.NumVars())
			}
			groups[j] = int32(g)
		}
	}
	return groups
}

func shapeOf(m *model.Model) *shape {
	s := &shape{n: m.NumVars(), m: m.NumRows(), sense: m.Leader().Objective().Sense.Sign()}
	s.groups = groupsOf(m)
	f := m.Leader().Objective().F
	s.fConst, s.fVars, s.fCoefs, s.fQuad = f.Const, slices.Clone(f.Vars), slices.Clone(f.Coefs), quadTerms(nil, f, -1)
	if f.Nonlinear != 0 {
		s.fTape = m.DAG().Compile([]expr.Node{f.Nonlinear})
	}
	var roots []expr.Node
	s.constants, s.start = make([]float64, s.m), make([]int32, 1, s.m+1)
	nonzeros := m.NumNonzeros()
	s.cols, s.coefs = make([]int32, 0, nonzeros), make([]float64, 0, nonzeros)
	for r := range s.m {
		f := m.RowFunction(r)
		s.constants[r] = f.Const
		s.cols, s.coefs = append(s.cols, f.Vars...), append(s.coefs, f.Coefs...)
		s.start = append(s.start, int32(len(s.cols)))
		s.quad = quadTerms(s.quad, f, int32(r))
		if f.Nonlinear != 0 {
			roots, s.rootRow = append(roots, f.Nonlinear), append(s.rootRow, int32(r))
		}
	}
	if len(roots) > 0 {
		s.tape = m.DAG().Compile(roots)
	}
	s.planJacobian()
	s.planHessian()
	return s
}

// quadTerms appends the quadratic part of f.
func quadTerms(list []quadTerm, f model.Function, row int32) []quadTerm {
	for _, q := range f.Quad {
		t := quadTerm{coef: q.Coef, second: q.Coef, i: q.I, j: q.J, row: row}
		if q.I == q.J {
			t.second *= 2
		}
		list = append(list, t)
	}
	return list
}

// planJacobian finds the pattern of the rows' Jacobian and where each derivative goes.
func (s *shape) planJacobian() {
	var tr, tc []int32
	if s.tape != nil {
		tr, tc = s.tape.JacobianPattern()
	}
	places := make([]int64, 0, len(s.cols)+2*len(s.quad)+len(tr))
	for r := range s.m {
		for _, j := range s.cols[s.start[r]:s.start[r+1]] {
			places = append(places, place(int32(r), j))
		}
	}
	for _, q := range s.quad {
		places = append(places, place(q.row, q.i), place(q.row, q.j))
	}
	for k, root := range tr {
		places = append(places, place(s.rootRow[root], tc[k]))
	}
	places, s.jacRows, s.jacCols = patternOf(places)
	s.constJac = make([]float64, len(places))
	for r := range s.m {
		for k := s.start[r]; k < s.start[r+1]; k++ {
			s.constJac[find(places, place(int32(r), s.cols[k]))] += s.coefs[k]
		}
	}
	for k := range s.quad {
		q := &s.quad[k]
		q.di, q.dj = find(places, place(q.row, q.i)), find(places, place(q.row, q.j))
	}
	s.fromTape = make([]int32, len(tr))
	for k, root := range tr {
		s.fromTape[k] = find(places, place(s.rootRow[root], tc[k]))
	}
}

// planHessian does the same for the Hessian of the Lagrangian.
func (s *shape) planHessian() {
	var places []int64
	for _, list := range [][]quadTerm{s.fQuad, s.quad} {
		for _, q := range list {
			places = append(places, place(max(q.i, q.j), min(q.i, q.j)))
		}
	}
	tapes := []*expr.Tape{s.fTape, s.tape}
	for _, t := range tapes {
		if t != nil {
			rows, cols := t.HessianPattern()
			for k := range rows {
				places = append(places, place(rows[k], cols[k]))
			}
		}
	}
	places, s.hessRows, s.hessCols = patternOf(places)
	for _, list := range [][]quadTerm{s.fQuad, s.quad} {
		for k := range list {
			q := &list[k]
			q.hess = find(places, place(max(q.i, q.j), min(q.i, q.j)))
		}
	}
	for k, t := range tapes {
		if t == nil {
			continue
		}
		rows, cols := t.HessianPattern()
		to := make([]int32, len(rows))
		for k := range rows {
			to[k] = find(places, place(rows[k], cols[k]))
		}
		if k == 0 {
			s.hessFromF = to
		} else {
			s.hessRow = to
		}
	}
}

// place is an entry of a matrix.
func place(r, c int32) int64 { return int64(r)<<32 | int64(c) }

// patternOf sorts places and drops repeats.
func patternOf(places []int64) (sorted []int64, rows, cols []int32) {
	slices.Sort(places)
	places = slices.Compact(places)
	rows, cols = make([]int32, len(places)), make([]int32, len(places))
	for k, p := range places {
		rows[k], cols[k] = int32(p>>32), int32(p&math.MaxUint32)
	}
	return places, rows, cols
}

func find(places []int64, p int64) int32 {
	k, _ := slices.BinarySearch(places, p)
	return int32(k)
}
