package model

import (
	"math"

	"github.com/gobilevel/bilevel/model/expr"
)

// Model is an optimisation problem of one leader and any number of followers:
//
//	leader:      optimise F(x, y)  over x (and, among the followers' optimal answers, over y)
//	             subject to rows, complementarity pairs, SOS1 sets, indicator constraints, and
//	follower k:  y_k optimises f_k(x, y)  over y_k  subject to its own rows.
//
// Without followers it is an LP, MILP, NLP or, with pairs, an MPCC. Variables are columns of one table and keep their index for ever;
// a pass that derives a model appends columns and never renumbers. A Model is built by one goroutine; once built it may be read by many.
type Model struct {
	Name  string
	Notes []string // remarks of whoever built the model (a reader, a pass), for the user

	vars    variables
	rows    rows
	players []player
	pairs   pairs
	sos     []SOS1
	inds    []Indicator
	dag     *expr.DAG

	errs    []error
	failed  int
	scopeOK int // rows checked by checkScope so far
}

// Inf is plus infinity: the bound of what has none.
var Inf = math.Inf(1)

// variables is the table of columns, one slice a property.
type variables struct {
	lo, hi, start []float64 // start is NaN where none was given
	kind          []Kind
	owner         []int32
	names         names
	duals         map[int32]DualRef
	dualOfRow     map[int32]int32 // the inverse of duals
	steer         map[int32]Steer
	group         []int32 // see SetVarGroup; shorter than the table where the rest has none
}

// rows is the table of constraints, one slice a property. The constant of a row's function is moved into its bounds.
type rows struct {
	lo, hi  []float64
	owner   []int32
	aff     []affRef
	flags   []rowFlag
	arena   arena
	general map[int32]general // quadratic and nonlinear parts of the rows that have them
	names   names
	steer   map[int32]Steer
	shift   map[int32]float64 // constants of the functions of rows without bounds, which have no bound to move them into
}

type rowFlag uint8

const flagPairRow rowFlag = 1 // the row only carries a member of a complementarity pair

// general is the part of a row's function that is not affine.
type general struct {
	quad      []QuadTerm
	nonlinear expr.Node
}

// New returns an empty model with a leader.
func New(name string) *Model {
	return &Model{Name: name, dag: expr.New(), players: []player{{name: "leader"}}}
}

// Derive returns a model with the same variables, rows, pairs, sets and players that may be extended without touching m: the start of
// every pass. Rows are shared, not copied.
func (m *Model) Derive() *Model { return m.DeriveWithRoom(0, 0) }

// DeriveWithRoom is Derive with memory for so many more variables and constraints, for a pass that knows how many it adds: the tables
// need not be copied once more when it does.
func (m *Model) DeriveWithRoom(vars, constraints int) *Model {
	d := &Model{Name: m.Name, dag: m.dag.Fork(), scopeOK: m.scopeOK}
	v := &m.vars
	d.vars = variables{lo: cloneWithRoom(v.lo, vars), hi: cloneWithRoom(v.hi, vars), start: cloneWithRoom(v.start, vars), kind: cloneWithRoom(v.kind, vars), owner: cloneWithRoom(v.owner, vars),
		names: v.names.clone(), duals: cloneMap(v.duals), dualOfRow: cloneMap(v.dualOfRow), steer: cloneMap(v.steer), group: clone(v.group)}
	r := &m.rows
	d.rows = rows{lo: cloneWithRoom(r.lo, constraints), hi: cloneWithRoom(r.hi, constraints), owner: cloneWithRoom(r.owner, constraints), aff: cloneWithRoom(r.aff, constraints), flags: cloneWithRoom(r.flags, constraints), arena: r.arena.share(),
		general: cloneMap(r.general), names: r.names.clone(), steer: cloneMap(r.steer), shift: cloneMap(r.shift)}
	d.players = clone(m.players)
	d.pairs = pairs{list: clone(m.pairs.list), names: m.pairs.names.clone(), steer: cloneMap(m.pairs.steer), implied: clone(m.pairs.implied), inequalities: clone(m.pairs.inequalities)}
	d.sos, d.inds = clone(m.sos), clone(m.inds)
	return d
}

func clone[T any](s []T) []T { return append([]T(nil), s...) }

// cloneWithRoom is clone with room for n more elements.
func cloneWithRoom[T any](s []T, n int) []T { return append(make([]T, 0, len(s)+n), s...) }

func cloneMap[V any](m map[int32]V) map[int32]V {
	if len(m) == 0 {
		return nil
	}
	out := make(map[int32]V, len(m))
	for k, v := range m {
		out[k] = v
	}
	return out
}

// DAG returns the model's expression graph, for passes that build nonlinear functions.
func (m *Model) DAG() *expr.DAG { return m.dag }

// NumVars returns the number of variables of all players.
func (m *Model) NumVars() int { return len(m.vars.lo) }

// NumRows returns the number of constraints of all players, the rows that carry members of pairs included.
func (m *Model) NumRows() int { return len(m.rows.lo) }

// NumPairs returns the number of complementarity pairs.
func (m *Model) NumPairs() int { return len(m.pairs.list) }

// NumPlayers returns one more than the number of followers. Player 0 is the leader.
func (m *Model) NumPlayers() int { return len(m.players) }

// NumFollowers returns the number of followers.
func (m *Model) NumFollowers() int { return len(m.players) - 1 }
