package learning

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
)

// Line is a line of hyperparameters of SVC or SVR: C, ε and the boxes are At + t Along for From <= t <= To. Along.Box is nil where boxes stay,
// and needs At.Box otherwise.
type Line struct {
	At, Along Hyper
	From, To  float64
	short     bool // it is not worth many pieces, nor a start from anew
}

// Hyper is the point at t.
func (l *Line) Hyper(t float64) Hyper {
	h := Hyper{C: l.At.C + t*l.Along.C, Epsilon: l.At.Epsilon + t*l.Along.Epsilon}
	for k, v := range l.At.Box {
		if l.Along.Box != nil {
			v += t * l.Along.Box[k]
		}
		h.Box = append(h.Box, v)
	}
	return h
}

// Piece is a part of a line over which the weights and hinges of an answer that are at their bounds stay the same: there (w, b) is V + (t - From) Rate.
// Slices are valid until the next piece.
type Piece struct {
	From, To float64
	V, Rate  []float64 // of length n+1
	// Where b is not unique, b - V[n] lies between Spread[0] + (t - From) Widen[0] and the same with 1; all are zero where it is.
	Spread, Widen [2]float64
}

// PathResult says how a path went.
type PathResult struct {
	Pieces int
	// Gaps is the sum of To/From - 1 over the parts of the line that no piece covers, which the path jumps over where rounding left it no way on.
	Gaps float64
}

// ErrPath tells of a path that did not reach the end of its line.
var ErrPath = errors.New("the path of answers was not followed to its end")

// Path follows the answers (w, b) of the training problem of SVC or SVR over a line of hyperparameters: they are linear in t by pieces, and visit sees all
// of them, in order. Kinks and jumps of b are where a piece ends. With F the weights within their boxes, M the hinges at their corners and U those above,
//
//	[ 0     A_Mb'   ] [ b   ]   [ -C Σ_U a_jb                               ]
//	[ A_Mb  K_MM    ] [ α_M ] = [ r_M - A_MF C Σ_U a_jF - A_MB w_B ],   K = A_F A_F',   w_F = Σ_M α_j a_jF + C Σ_U a_jF,
//
// until the first member of one of the sets leaves it; the inverse of the matrix is updated. The right-hand sides r are moved by up to 1e-9, in proportion to
// 1 + |r|, so that no two hinges meet their corners at one place; answers are those of the moved problem. Where b is not unique it is the middle of its
// interval. Source: Hastie, Rosset, Tibshirani and Zhu (2004), for any direction, with boxes.
//
// The cost of a piece is that of a product with all samples; there are some multiples of the number of samples of them. Errors are of type *DataError and
// *OptionError, wrap ErrPath, or are those of visit or the context.
func Path(ctx context.Context, d *Data, task Task, line Line, visit func(Piece) error) (PathResult, error) {
	if err := usable(d, task); err != nil {
		return PathResult{}, err
	}
	if err := line.check(task, d.Width()); err != nil {
		return PathResult{}, err
	}
	c := newCentre(d, task)
	v, rate := make([]float64, d.Width()+1), make([]float64, d.Width()+1)
	return newHinges(c.data(d), task).tracer(line).run(ctx, func(p Piece) error { return visit(c.piece(p, v, rate)) })
}

func (l *Line) check(task Task, n int) error {
	if task != SVC && task != SVR {
		return &OptionError{"path", fmt.Sprintf("there is none for %v", task), "choose svc or svr"}
	}
	if !(l.From < l.To) || math.IsInf(l.To-l.From, 0) {
		return &OptionError{"path", fmt.Sprintf("it goes from %v to %v", l.From, l.To), "give From < To, both finite"}
	}
	if l.Along.Box != nil && len(l.Along.Box) != len(l.At.Box) {
		return &OptionError{"path", fmt.Sprintf("boxes change along %d coordinates and there are %d", len(l.Along.Box), len(l.At.Box)), "give one a feature"}
	}
	f := &Follower{task: task, n: n}
	for _, t := range []float64{l.From, l.To} {
		h := l.Hyper(t)
		if err := f.check(&h); err != nil {
			return err
		}
	}
	return nil
}

// tracer follows a path. Its hinges keep the answer at t and the sets.
type tracer struct {
	*hinges
	line     Line
	t        float64
	dc       float64   // rates of C, r and the boxes
	dr, dbox []float64 // dbox is nil where no box moves
	corners  []int     // M, in the order of inv
	inv      []float64 // the inverse of the matrix, row by row, b first; empty where M is
	u        []float64 // Σ_U a_j
	gap      []float64 // r_j - a_j'v
	dgap     []float64
	dv, da   []float64 // rates of v and, in the order of corners, of α
	boxed    []int     // weights at a side of their box
	sign     []float64 // the side
	work     []float64
	reach    []float64 // where M is empty, the b at which each hinge is at its corner, and its rate
	speed    []float64
	ends     [2]int  // hinges that bound b where M is empty, -1: none
	origin   *hinges // an answer to set out from, if it is near; nil: none
	still    bool    // r stays
	slack    float64 // by which tolerances are multiplied, where the answer is made exact at the end
	since    int     // steps since the state was computed afresh
}

// tracer prepares a path of the same training problem, with an answer of its own.
func (h *hinges) tracer(line Line) *tracer {
	if h.columns == nil {
		h.columns, h.lengths = newColumns(h.a), make([]float64, h.m)
		for j, a := range h.a {
			for _, v := range a {
				h.lengths[j] += math.Abs(v)
				h.widest = math.Max(h.widest, math.Abs(v))
			}
		}
	}
	own := &hinges{n: h.n, m: h.m, a: h.a, span: h.span, columns: h.columns, lengths: h.lengths, widest: h.widest, fixed: h.fixed, tube: h.tube, r: make([]float64, h.m), alpha: make([]float64, h.m),
		hinge: make([]side, h.m), weight: make([]side, h.n), v: make([]float64, h.n+1), box: make([]float64, h.n)}
	return &tracer{hinges: own, line: line, slack: 1, dr: make([]float64, h.m), gap: make([]float64, h.m), dgap: make([]float64, h.m),
		u: make([]float64, h.n+1), dv: make([]float64, h.n+1), sign: make([]float64, h.n)}
}

// traced puts the answer at the start of a path in the place of one with a larger residual, makes it exact, and returns the residual.
func (h *hinges) traced(ctx context.Context, at *Hyper, residual float64) float64 {
	p := h.tracer(Line{At: *at})
	if p.begin(ctx, 0, 0) != nil {
		return residual
	}
	old := *h
	h.v, h.alpha, h.hinge, h.weight = p.v, p.alpha, p.hinge, p.weight
	h.classify()
	h.correct()
	h.centre()
	if r := h.residual(); r < residual || math.IsNaN(residual) {
		return r
	}
	*h = old
	return residual
}

// goldenFraction is a sequence without repetition in (0, 1).
func goldenFraction(j int) float64 {
	_, f := math.Modf(float64(j+1) * 0.6180339887498949)
	return f
}

func (p *tracer) run(ctx context.Context, visit func(Piece) error) (PathResult, error) {
	res := PathResult{}
	t, shift := p.line.From, 0
	for {
		if err := p.begin(ctx, t, shift); err != nil {
			return res, err
		}
		p.aim(p.line.Along.C, p.line.Along.Epsilon, p.line.Along.Box)
		p.t = t
		err := p.trace(ctx, p.line.To, func(piece Piece) error {
			if res.Pieces++; p.line.short && res.Pieces > p.worth() {
				return ErrPath
			}
			return visit(piece)
		})
		if !errors.Is(err, errStuck) {
			return res, err
		}
		// Jump over the place, with the right-hand sides moved in another way.
		if shift++; shift > 50 {
			return res, fmt.Errorf("learning: %w: it was left 50 times, the last time at %g; scale the features, or leave out samples that stand twice", ErrPath, p.t)
		}
		next := p.t + 1e-9*math.Max(math.Abs(p.t), 1e-9*(p.line.To-p.line.From))*math.Pow(2, float64(shift))
		if next >= p.line.To {
			return res, nil
		}
		res.Gaps += (next - p.t) / math.Max(math.Abs(p.t), 1e-300)
		t = next
	}
}

// begin finds the answer at t by a path of its own, from right-hand sides at which no hinge has a loss and w = 0 to the true ones.
func (p *tracer) begin(ctx context.Context, t float64, shift int) error {
	at := p.line.Hyper(t)
	p.c = at.C
	for k := range p.box {
		p.box[k] = math.Inf(1)
		if at.Box != nil {
			p.box[k] = at.Box[k]
		}
		p.weight[k], p.v[k] = below, 0
		if p.box[k] == 0 {
			p.weight[k] = above
		}
		p.sign[k] = 1
	}
	p.v[p.n] = 0
	if shift == 0 {
		r := make([]float64, p.m)
		for j, f := range p.fixed {
			r[j] = f - at.Epsilon*p.tube
		}
		if p.origin != nil && math.Abs(math.Log(at.C/p.origin.c)) < 3 {
			box := slices.Clone(p.box)
			if p.depart(p.origin, at.C, r, box) && p.arrive(ctx, p.worth()) == nil {
				p.c = at.C
				copy(p.box, box)
				return nil
			}
			p.c = at.C
			copy(p.box, box)
			if p.line.short {
				return fmt.Errorf("learning: %w: it is not near the last answer", ErrPath)
			}
		}
		if p.vertex(ctx, r) {
			return nil
		}
	}
	if shift == 0 && p.jump(ctx, at.Epsilon) {
		return nil
	}
	for try := range 4 {
		for j := range p.r {
			p.hinge[j], p.alpha[j] = below, 0
			target := p.target(j, at.Epsilon, shift*7+try*31)
			p.r[j] = -1 - goldenFraction(3*j+shift*5+try*17)*2
			p.dr[j] = target - p.r[j]
		}
		for k := range p.weight {
			p.v[k] = 0
			p.weight[k] = below
			if p.box[k] == 0 {
				p.weight[k] = above
			}
		}
		p.v[p.n] = 0
		p.corners, p.inv = p.corners[:0], p.inv[:0]
		p.dc, p.dbox, p.t, p.still = 0, nil, 0, false
		err := p.trace(ctx, 1, func(Piece) error { return nil })
		if err == nil {
			return nil
		}
		if !errors.Is(err, errStuck) {
			return err
		}
	}
	return fmt.Errorf("learning: %w: there is no start at %g; scale the features", ErrPath, t)
}

// target is the right-hand side of a hinge, moved a little.
func (p *tracer) target(j int, epsilon float64, draw int) float64 {
	r := p.fixed[j] - epsilon*p.tube
	return r + 1e-9*(1+math.Abs(r))*(goldenFraction(j+draw)-0.5)
}

// jump finds the answer at the start by the interior point method, and reports whether its sets give it to rounding.
func (p *tracer) jump(ctx context.Context, epsilon float64) bool {
	for j := range p.r {
		p.r[j] = p.target(j, epsilon, 0)
	}
	if p.interior(ctx); ctx.Err() != nil {
		return false
	}
	p.corners = p.corners[:0]
	for j, s := range p.hinge {
		if s == corner {
			p.corners = append(p.corners, j)
		}
	}
	for k, w := range p.v[:p.n] {
		p.sign[k] = math.Copysign(1, w)
	}
	if len(p.corners) > p.n+1 || !p.refresh() {
		return false
	}
	for _, j := range p.corners {
		if p.alpha[j] < 0 || p.alpha[j] > p.c {
			return false
		}
	}
	if len(p.corners) == 1 {
		p.loosen()
	}
	if len(p.corners) == 0 {
		if p.u[p.n] != 0 {
			return false
		}
		clear(p.dv)
		p.slopes()
		p.interval()
	}
	return p.residual() <= 1e-11
}

// aim sets the direction of the hyperparameters.
func (p *tracer) aim(dc, deps float64, dbox []float64) {
	p.dc, p.dbox, p.still = dc, dbox, deps*p.tube == 0
	for j := range p.dr {
		p.dr[j] = -deps * p.tube
	}
}
