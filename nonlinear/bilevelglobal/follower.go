package bilevelglobal

import (
	"math"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
	"github.com/gobilevel/bilevel/nonlinear/global"
)

// follower is what the cuts need of a follower.
type follower struct {
	player int
	name   string
	vars   []int // its own
	others []int // those of other players that its functions mention
	rows   []int
	lo, hi []float64 // sides of its rows
	off    []float64 // how far its functions may be from their nodes: objective, rows
	vlo    []float64 // bounds of its variables, those of integers rounded inward
	vhi    []float64
	cost   int        // node of its objective in minimisation form in the graph
	tape   *expr.Tape // objective, rows
	ws     *expr.Workspace
	slopes *expr.Tape // objective, rows, then the gradient of each with respect to vars and others, and what the domain asks for
	sws    *expr.Workspace
	domain *global.Domain // of objective and rows
	asked  int            // place of the first interval that the domain asks for
	over   []expr.Interval
	at     []expr.Interval
	room   []expr.Interval // by own variable: how far the answer that is meant may be from z(x), see restore
	own    []bool          // by variable
	whole  []bool          // by own variable: it is an integer
	smooth bool            // the functions have slopes, perhaps with kinks, at all points at which they have values
	equal  bool            // has equations
	seeds  []*seed
}

// newFollower gathers what the cuts need.
func (p *problem) newFollower(player int, d *expr.DAG) *follower {
	m := p.m
	o := m.Player(player).Objective()
	f := &follower{player: player, name: m.Player(player).Name(), own: make([]bool, p.n)}
	for j := 0; j < p.n; j++ {
		if m.VarOwner(j) == player {
			f.own[j] = true
			f.vars = append(f.vars, j)
			f.vlo, f.vhi = append(f.vlo, p.lower[j]), append(f.vhi, p.upper[j])
			f.whole = append(f.whole, m.VarKind(j) != model.Continuous)
		}
	}
	first, off := p.squared(o.F)
	cost := d.Scale(o.Sense.Sign(), first)
	f.off = append(f.off, off)
	f.cost = p.g.add(d, cost)
	roots := []expr.Node{cost}
	for r := 0; r < m.NumRows(); r++ {
		if m.RowOwner(r) != player {
			continue
		}
		lo, hi := m.RowBounds(r)
		if math.IsInf(lo, -1) && math.IsInf(hi, 1) {
			continue
		}
		f.rows = append(f.rows, r)
		f.lo, f.hi = append(f.lo, lo), append(f.hi, hi)
		f.equal = f.equal || lo == hi
		n, off := p.squared(m.RowFunction(r))
		roots, f.off = append(roots, n), append(f.off, off)
	}
	for _, j := range d.VarsOf(roots...) {
		if !f.own[j] {
			f.others = append(f.others, j)
		}
	}
	f.room = make([]expr.Interval, len(f.vars))
	f.smooth = true
	for _, r := range roots {
		f.smooth = f.smooth && differentiable(d, r, p.declared, true)
	}
	f.tape = d.Compile(roots)
	f.ws = f.tape.NewWorkspace()
	all := append([]expr.Node(nil), roots...)
	vars := append(append([]int(nil), f.vars...), f.others...)
	for _, r := range roots {
		all = append(all, d.Gradient(r, vars)...)
	}
	f.domain, f.asked = global.NewDomain(d, roots...), len(all)
	all = append(all, f.domain.Args()...)
	f.slopes = d.Compile(all)
	f.sws = f.slopes.NewWorkspace()
	f.over, f.at = make([]expr.Interval, len(all)), make([]expr.Interval, len(all))
	return f
}
