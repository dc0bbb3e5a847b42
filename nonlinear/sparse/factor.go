package sparse

import (
	"math"
	"slices"
)

// Inertia counts the eigenvalues of a matrix by their signs.
type Inertia struct{ Positive, Negative, Zero int }

// Factor is a factorisation, together with the memory for the next one. It is used by one goroutine at a time.
type Factor struct {
	sym     *Symbolic
	pivot   float64 // threshold below which a pivot is delayed
	vals    []float64
	scale   []float64 // by variable
	norm    []float64
	blocks  []block
	l       []float64 // columns of L of all blocks
	index   []int32   // rows of all blocks, as places
	inverse []float64 // D^-1: two numbers a column, the diagonal entry and the one that couples it to the next column
	front   []float64
	stack   []float64 // contribution blocks of nodes whose parents wait
	waiting []contribution
	late    []int32 // places of the delayed columns of waiting contributions
	inertia Inertia
	delayed int
	below   []float64 // of elimination
	stamps  []int
	stamp   int
	y       []float64 // a solution by places
	local   []float64
	r, dx   []float64 // refinement
}

// block is what a node has eliminated.
type block struct {
	l, index   int // where its columns and rows start
	size, done int // rows, columns
	inverse    int
}

// contribution is what is left of a front: a dense lower triangle of order delayed + len(node.rows) - node.own.
type contribution struct {
	node    int32
	delayed int
	order   int
	vals    int // where it starts in the stack
	late    int
}

// DefaultPivot is the default of SetPivot.
const DefaultPivot = 1e-2

// NewFactor makes an empty factorisation of matrices of this pattern.
func (s *Symbolic) NewFactor() *Factor {
	f := &Factor{sym: s, pivot: DefaultPivot}
	n := s.n
	f.vals, f.scale, f.norm = make([]float64, s.nnz), make([]float64, n), make([]float64, n)
	f.blocks = make([]block, len(s.nodes))
	f.inverse = make([]float64, 2*n)
	f.l, f.index = make([]float64, 0, 2*s.nnzL), make([]int32, 0, 2*n)
	f.front = make([]float64, s.largest*s.largest)
	f.below, f.stamps = make([]float64, n), make([]int, n)
	f.y, f.local, f.r, f.dx = make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	return f
}

// SetPivot sets the threshold u of the pivots, 0 < u <= 0.5: a pivot column whose entries would make one of L larger than 1/u is delayed.
// A small u keeps L sparse, a large one accurate.
func (f *Factor) SetPivot(u float64) { f.pivot = min(0.5, max(1e-12, u)) }

// Pivot is the threshold in use.
func (f *Factor) Pivot() float64 { return f.pivot }

// Inertia is that of the matrix factorised last. Eigenvalues that are zero to rounding count as zero where elimination meets them as such.
func (f *Factor) Inertia() Inertia { return f.inertia }

// Delayed is how often the last factorisation put off a column.
func (f *Factor) Delayed() int { return f.delayed }

// Entries is the number of entries of L that the last factorisation has stored.
func (f *Factor) Entries() int { return len(f.l) }

// NotFiniteError says that an entry of a matrix is not a finite number.
type NotFiniteError struct {
	Entry int
	Value float64
}

func (e *NotFiniteError) Error() string {
	return "sparse: an entry of the matrix is not a finite number: the functions of the program cannot be differentiated at this point"
}

// Factorise factorises the matrix with these values, one an entry of the pattern. A singular matrix is no error: see Inertia.
func (f *Factor) Factorise(vals []float64) error {
	for k, v := range vals {
		if v-v != 0 { // NaN or infinite
			return &NotFiniteError{Entry: k, Value: v}
		}
	}
	copy(f.vals, vals)
	f.equilibrate()
	f.l, f.index, f.stack = f.l[:0], f.index[:0], f.stack[:0]
	f.waiting, f.late = f.waiting[:0], f.late[:0]
	f.inertia, f.delayed = Inertia{}, 0
	done := 0
	for k := range f.sym.nodes {
		done += f.process(k, done)
	}
	return nil
}

// process assembles and eliminates the front of a node and returns how many columns it has eliminated; inverse entries start at done.
func (f *Factor) process(k, done int) int {
	nd := &f.sym.nodes[k]
	from := len(f.waiting) - int(nd.children)
	late := 0
	for _, c := range f.waiting[from:] {
		late += c.delayed
	}
	own, size := int(nd.own), len(nd.rows)+late
	if need := size * size; need > len(f.front) {
		f.front = make([]float64, need+need/4)
	}
	a := f.front[:size*size]
	clear(a)
	at := len(f.index)
	f.index = append(f.index, nd.rows[:own]...)
	if late > 0 {
		f.index = append(f.index, f.late[f.waiting[from].late:]...)
		f.late = f.late[:f.waiting[from].late]
	}
	f.index = append(f.index, nd.rows[own:]...)
	index := f.index[at:]

	for _, e := range nd.entries {
		r := int(e.row)
		if r >= own {
			r += late
		}
		i, j := f.sym.rows[e.source], f.sym.cols[e.source]
		a[int(e.col)*size+r] += f.vals[e.source] * f.scale[i] * f.scale[j]
	}
	shift := own
	for _, c := range f.waiting[from:] {
		f.extendAdd(a, size, own, late, shift, &c)
		shift += c.delayed
	}
	if from < len(f.waiting) {
		f.stack = f.stack[:f.waiting[from].vals]
		f.waiting = f.waiting[:from]
	}

	e := elimination{a: a, size: size, summed: own + late, index: index, weak: f.pivot, last: nd.parent < 0, inverse: f.inverse[2*done:],
		below: f.below, stamps: f.stamps, stamp: f.stamp}
	e.run()
	f.stamp = e.stamp
	f.inertia.Positive += e.inertia.Positive
	f.inertia.Negative += e.inertia.Negative
	f.inertia.Zero += e.inertia.Zero
	b := &f.blocks[k]
	*b = block{l: len(f.l), index: at, size: size, done: e.done, inverse: 2 * done}
	f.l = append(f.l, a[:size*e.done]...)
	if nd.parent >= 0 {
		f.push(int32(k), a, size, e.done, own+late, index)
	}
	return e.done
}

// push puts what is left of a front on the stack.
func (f *Factor) push(k int32, a []float64, size, done, summed int, index []int32) {
	order := size - done
	c := contribution{node: k, delayed: summed - done, order: order, vals: len(f.stack), late: len(f.late)}
	f.delayed += c.delayed
	f.late = append(f.late, index[done:summed]...)
	f.stack = slices.Grow(f.stack, order*order)[:c.vals+order*order]
	for j := done; j < size; j++ { // what is above the diagonal is never read
		copy(f.stack[c.vals+(j-done)*(order+1):], a[j*size+j:j*size+size])
	}
	f.waiting = append(f.waiting, c)
}

// extendAdd adds a child's contribution to a front, whose columns that were delayed below start at index shift for this child.
func (f *Factor) extendAdd(a []float64, size, own, late, shift int, c *contribution) {
	b := f.stack[c.vals : c.vals+c.order*c.order]
	into := f.sym.nodes[c.node].into
	place := func(p int32) int {
		if int(p) >= own {
			return int(p) + late
		}
		return int(p)
	}
	for j := range c.delayed { // in either triangle of the front
		col := b[j*c.order : (j+1)*c.order]
		at := shift + j
		for i := j; i < c.delayed; i++ {
			a[at*size+shift+i] += col[i]
		}
		for i, p := range into {
			r := place(p)
			a[min(at, r)*size+max(at, r)] += col[c.delayed+i]
		}
	}
	if late == 0 {
		for j, p := range into {
			col := b[j*c.order : (j+1)*c.order]
			dst := a[int(p)*size : (int(p)+1)*size]
			for i := j; i < len(into); i++ {
				dst[into[i]] += col[i]
			}
		}
		return
	}
	for j, p := range into {
		col := b[(c.delayed+j)*c.order+c.delayed:][:len(into)]
		dst := a[place(p)*size:][:size]
		for i := j; i < len(into); i++ {
			dst[place(into[i])] += col[i]
		}
	}
}

// equilibrate finds the scaling S so that the largest entry of each row of S A S is about 1.
func (f *Factor) equilibrate() {
	for i := range f.scale {
		f.scale[i] = 1
	}
	rows, cols := f.sym.rows, f.sym.cols
	for range sweeps {
		clear(f.norm)
		for k, v := range f.vals {
			i, j := rows[k], cols[k]
			v = math.Abs(v) * f.scale[i] * f.scale[j]
			if v > f.norm[i] {
				f.norm[i] = v
			}
			if v > f.norm[j] {
				f.norm[j] = v
			}
		}
		even := true
		for i, v := range f.norm {
			if v > 0 {
				f.scale[i] /= math.Sqrt(v)
				even = even && v < 4 && v > 0.25
			}
		}
		if even {
			return
		}
	}
}

// sweeps is the largest number of passes of the scaling, each of which halves the exponents by which norms differ from 1.
const sweeps = 4
