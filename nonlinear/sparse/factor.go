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
	parts   []*part   // of the blocks
	top     *part     // of all else
	y       []float64 // a solution by places
	local   []float64
	r, dx   []float64 // refinement
	workers int       // see SetWorkers
}

// part is what the nodes of a block, or those of no block, have eliminated, and the memory for it. Parts of blocks are worked on at the same time.
type part struct {
	f       *Factor
	l       []float64 // columns of L
	index   []int32   // rows, as places
	inverse []float64 // D^-1: two numbers a column, the diagonal entry and the one that couples it to the next column
	done    int       // columns
	front   []float64
	stack   []float64 // contribution blocks of nodes whose parents wait
	waiting []contribution
	late    []int32 // places of the delayed columns of waiting contributions
	taken   int     // contributions that the nodes of no block have taken over
	inertia Inertia
	delayed int
	below   []float64 // of elimination
	stamps  []int
	stamp   int
}

// block is what a node has eliminated.
type block struct {
	part       *part
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
	for _, nodes := range s.parts {
		f.parts = append(f.parts, f.newPart(nodes))
	}
	f.top = f.newPart(s.top)
	f.y, f.local, f.r, f.dx = make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	return f
}

// newPart makes the memory that the nodes need without delayed columns.
func (f *Factor) newPart(nodes []int32) *part {
	p := &part{f: f}
	own, largest, nnz := 0, 0, 0
	for _, k := range nodes {
		nd := &f.sym.nodes[k]
		size := len(nd.rows)
		largest = max(largest, size)
		own += int(nd.own)
		nnz += int(nd.own) * size
	}
	p.inverse = make([]float64, 2*own)
	p.l, p.index = make([]float64, 0, nnz), make([]int32, 0, 2*own)
	p.makeFront(largest)
	return p
}

// makeFront makes room for a front.
func (p *part) makeFront(size int) {
	p.front, p.below, p.stamps = make([]float64, size*size), make([]float64, size), make([]int, size)
}

// SetWorkers limits how many blocks are worked on at the same time: 1 is one after the other, 0 (the default) as many as there are processors, where
// the blocks are large enough for that to pay. The factorisation is the same to the last bit.
func (f *Factor) SetWorkers(count int) { f.workers = max(0, count) }

// SetPivot sets the threshold u of the pivots, 0 < u <= 0.5: a pivot column whose entries would make one of L larger than 1/u is delayed.
// A small u keeps L sparse, a large one accurate.
func (f *Factor) SetPivot(u float64) { f.pivot = min(0.5, max(1e-12, u)) }

// Pivot is the threshold in use.
func (f *Factor) Pivot() float64 { return f.pivot }

// Inertia is that of the matrix factorised last. Eigenvalues that are zero to rounding count as zero where elimination meets them as such.
func (f *Factor) Inertia() Inertia {
	in := f.top.inertia
	for _, p := range f.parts {
		in.Positive += p.inertia.Positive
		in.Negative += p.inertia.Negative
		in.Zero += p.inertia.Zero
	}
	return in
}

// Delayed is how often the last factorisation put off a column.
func (f *Factor) Delayed() int {
	sum := f.top.delayed
	for _, p := range f.parts {
		sum += p.delayed
	}
	return sum
}

// Entries is the number of entries of L that the last factorisation has stored.
func (f *Factor) Entries() int {
	sum := len(f.top.l)
	for _, p := range f.parts {
		sum += len(p.l)
	}
	return sum
}

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
	f.eliminateBlocks()
	f.top.clear()
	for _, k := range f.sym.top {
		if t := f.sym.nodes[k].part; t >= 0 {
			f.top.take(f.parts[t])
		} else {
			f.top.process(k)
		}
	}
	return nil
}

// clear forgets the last factorisation.
func (p *part) clear() {
	p.l, p.index, p.stack = p.l[:0], p.index[:0], p.stack[:0]
	p.waiting, p.late = p.waiting[:0], p.late[:0]
	p.inertia, p.delayed, p.done, p.taken = Inertia{}, 0, 0, 0
}

// process assembles and eliminates the front of a node.
func (p *part) process(k int32) {
	f := p.f
	nd := &f.sym.nodes[k]
	from := len(p.waiting) - int(nd.children)
	late := 0
	for _, c := range p.waiting[from:] {
		late += c.delayed
	}
	own, size := int(nd.own), len(nd.rows)+late
	if size > len(p.below) {
		p.makeFront(size + size/8)
	}
	a := p.front[:size*size]
	clear(a)
	at := len(p.index)
	p.index = append(p.index, nd.rows[:own]...)
	if late > 0 {
		p.index = append(p.index, p.late[p.waiting[from].late:]...)
		p.late = p.late[:p.waiting[from].late]
	}
	p.index = append(p.index, nd.rows[own:]...)
	index := p.index[at:]

	for _, e := range nd.entries {
		r := int(e.row)
		if r >= own {
			r += late
		}
		i, j := f.sym.rows[e.source], f.sym.cols[e.source]
		a[int(e.col)*size+r] += f.vals[e.source] * f.scale[i] * f.scale[j]
	}
	shift := own
	for _, c := range p.waiting[from:] {
		p.extendAdd(a, size, own, late, shift, &c)
		shift += c.delayed
	}
	if from < len(p.waiting) {
		p.stack = p.stack[:p.waiting[from].vals]
		p.waiting = p.waiting[:from]
	}

	if need := 2 * (p.done + own + late); need > len(p.inverse) {
		p.inverse = append(p.inverse, make([]float64, need-len(p.inverse))...)
	}
	e := elimination{a: a, size: size, summed: own + late, index: index, weak: f.pivot, last: nd.parent < 0, inverse: p.inverse[2*p.done:],
		below: p.below, stamps: p.stamps, stamp: p.stamp}
	e.run()
	p.stamp = e.stamp
	p.inertia.Positive += e.inertia.Positive
	p.inertia.Negative += e.inertia.Negative
	p.inertia.Zero += e.inertia.Zero
	b := &f.blocks[k]
	*b = block{part: p, l: len(p.l), index: at, size: size, done: e.done, inverse: 2 * p.done}
	p.done += e.done
	p.l = append(p.l, a[:size*e.done]...)
	if nd.parent >= 0 {
		p.push(k, a, size, e.done, own+late, index)
	}
}

// push puts what is left of a front on the stack.
func (p *part) push(k int32, a []float64, size, done, summed int, index []int32) {
	order := size - done
	c := contribution{node: k, delayed: summed - done, order: order, vals: len(p.stack), late: len(p.late)}
	p.delayed += c.delayed
	p.late = append(p.late, index[done:summed]...)
	p.stack = slices.Grow(p.stack, order*order)[:c.vals+order*order]
	for j := done; j < size; j++ { // what is above the diagonal is never read
		copy(p.stack[c.vals+(j-done)*(order+1):], a[j*size+j:j*size+size])
	}
	p.waiting = append(p.waiting, c)
}

// extendAdd adds a child's contribution to a front, whose columns that were delayed below start at index shift for this child.
func (p *part) extendAdd(a []float64, size, own, late, shift int, c *contribution) {
	b := p.stack[c.vals : c.vals+c.order*c.order]
	into := p.f.sym.nodes[c.node].into
	place := func(at int32) int {
		if int(at) >= own {
			return int(at) + late
		}
		return int(at)
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
