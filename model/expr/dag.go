package expr

import (
	"fmt"
	"math"
	"math/bits"
	"slices"
)

// Node is a subexpression of a [DAG]. The zero value is the constant 0.
type Node int32

// DAG is a set of expressions with shared subexpressions.
//
// Methods that build nodes need exclusive access. All others, Fork included, only
// read and may run at the same time.
type DAG struct {
	nodes []record
	args  []Node    // arguments of all nodes, one after another
	coefs []float64 // coefficients of all OpSum nodes

	// table is an open-addressing hash table of node ids plus one, a power of two
	// long. It is nil in a fork until the first addition.
	table []int32

	terms   []term
	factors []factor
}

// record is a node in packed form.
type record struct {
	val  float64 // OpConst: the value; OpSum: the constant
	hash uint32
	arg  int32 // first argument in DAG.args; OpVar: the variable
	num  int32 // number of arguments
	coef int32 // OpSum: first coefficient in DAG.coefs
	op   Op
}

// New returns a DAG that holds the constant 0 and nothing else.
func New() *DAG {
	return &DAG{nodes: []record{{hash: hashOf(OpConst, 0, 0, nil, nil)}}}
}

// Fork returns a DAG in which every node of d keeps its id and meaning. The two
// share memory until one grows and may then be used at the same time: what is
// added to one is not seen by the other. Fork itself takes constant time; the
// first addition to the fork takes time linear in its size.
func (d *DAG) Fork() *DAG {
	n, a, c := len(d.nodes), len(d.args), len(d.coefs)
	// The capacities are cut, so the fork moves its arrays when it grows. The
	// original grows in place, behind the end of what the fork can see.
	return &DAG{nodes: d.nodes[:n:n], args: d.args[:a:a], coefs: d.coefs[:c:c]}
}

// Len returns the number of nodes: valid ids are 0 to Len()-1.
func (d *DAG) Len() int { return len(d.nodes) }

// Const returns the constant c. Negative zero becomes zero.
func (d *DAG) Const(c float64) Node {
	switch {
	case c == 0:
		return 0
	case c != c:
		c = math.NaN() // one NaN among the many
	}
	return d.intern(OpConst, c, 0, nil, nil)
}

// Var returns the variable with the model's index i, 0 <= i <= math.MaxInt32.
func (d *DAG) Var(i int) Node {
	if i < 0 || i > math.MaxInt32 {
		panic(fmt.Sprintf("expr: variable index %d out of range", i))
	}
	return d.intern(OpVar, 0, int32(i), nil, nil)
}

// Op returns the operation of n.
func (d *DAG) Op(n Node) Op { return d.nodes[n].op }

// Args returns the arguments of n, a view that must not be modified.
func (d *DAG) Args(n Node) []Node {
	r := &d.nodes[n]
	if r.num == 0 {
		return nil
	}
	end := r.arg + r.num
	return d.args[r.arg:end:end]
}

// Coefs returns the coefficients of an OpSum, one for each argument, a view that
// must not be modified. It is nil for other nodes.
func (d *DAG) Coefs(n Node) []float64 {
	r := &d.nodes[n]
	if r.op != OpSum {
		return nil
	}
	end := r.coef + r.num
	return d.coefs[r.coef:end:end]
}

// Value returns the value of an OpConst, the constant term of an OpSum, and 0 for
// other nodes.
func (d *DAG) Value(n Node) float64 { return d.nodes[n].val }

// VarIndex returns the model's index of an OpVar, and -1 for other nodes.
func (d *DAG) VarIndex(n Node) int {
	if r := &d.nodes[n]; r.op == OpVar {
		return int(r.arg)
	}
	return -1
}

// IsConst reports whether n is a constant, and which.
func (d *DAG) IsConst(n Node) (float64, bool) {
	r := &d.nodes[n]
	return r.val, r.op == OpConst
}

// intern returns the node with the given fields, new or found. For OpVar, v is the
// variable. Arguments and coefficients are copied.
func (d *DAG) intern(op Op, val float64, v int32, args []Node, coefs []float64) Node {
	if 4*len(d.nodes) >= 3*len(d.table) {
		d.growTable()
	}
	h := hashOf(op, val, v, args, coefs)
	mask := uint32(len(d.table) - 1)
	slot := h & mask
	for ; d.table[slot] != 0; slot = (slot + 1) & mask {
		n := Node(d.table[slot] - 1)
		if r := &d.nodes[n]; r.hash == h && r.op == op && d.same(n, val, v, args, coefs) {
			return n
		}
	}
	n := Node(len(d.nodes))
	r := record{op: op, val: val, hash: h, arg: v, num: int32(len(args))}
	if len(args) > 0 {
		r.arg = int32(len(d.args))
		d.args = append(doubled(d.args, len(args)), args...)
	}
	if len(coefs) > 0 {
		r.coef = int32(len(d.coefs))
		d.coefs = append(doubled(d.coefs, len(coefs)), coefs...)
	}
	d.nodes = append(doubled(d.nodes, 1), r)
	d.table[slot] = int32(n) + 1
	return n
}

// doubled makes room for n more elements, by doubling: what append does for long
// slices would move a large DAG three times as often.
func doubled[T any](s []T, n int) []T {
	if len(s)+n > cap(s) {
		s = slices.Grow(s, len(s)+n)
	}
	return s
}

// same compares bit by bit, so that a NaN equals itself.
func (d *DAG) same(n Node, val float64, v int32, args []Node, coefs []float64) bool {
	r := &d.nodes[n]
	if math.Float64bits(r.val) != math.Float64bits(val) || int(r.num) != len(args) {
		return false
	}
	if len(args) == 0 {
		return r.op != OpVar || r.arg == v
	}
	for k, a := range d.args[r.arg : int(r.arg)+len(args)] {
		if a != args[k] {
			return false
		}
	}
	for k, c := range coefs {
		if math.Float64bits(d.coefs[int(r.coef)+k]) != math.Float64bits(c) {
			return false
		}
	}
	return true
}

func (d *DAG) growTable() {
	size := max(64, 2*len(d.table))
	for 4*len(d.nodes) >= 3*size {
		size *= 2
	}
	table := make([]int32, size)
	mask := uint32(size - 1)
	for n := range d.nodes {
		slot := d.nodes[n].hash & mask
		for table[slot] != 0 {
			slot = (slot + 1) & mask
		}
		table[slot] = int32(n) + 1
	}
	d.table = table
}

func hashOf(op Op, val float64, v int32, args []Node, coefs []float64) uint32 {
	const k = 0x9E3779B97F4A7C15 // 2^64 over the golden ratio
	h := (uint64(op)+1)*k ^ math.Float64bits(val)
	h = bits.RotateLeft64(h, 29)*k ^ uint64(uint32(v))
	for _, a := range args {
		h = bits.RotateLeft64(h, 29)*k ^ uint64(uint32(a))
	}
	for _, c := range coefs {
		h = bits.RotateLeft64(h, 29)*k ^ math.Float64bits(c)
	}
	h = (h ^ h>>32) * k
	return uint32(h >> 32)
}
