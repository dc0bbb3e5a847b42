// Command membrane finds the frame and the suction with which a film presses a plate with a given force at the least cost, on finer and finer
// meshes, and compares with the continuous film. README.md has the mathematics.
package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"text/tabwriter"

	"github.com/gobilevel/bilevel"
)

// press is a film over a plate. Dimension 1 is a film between two rails, 2 one over a ring; film and suction are prices.
type press struct {
	elements, dimension         int
	depth, force, film, suction float64
}

// example is the press of membrane.mod.
var example = press{elements: 16, dimension: 1, depth: 0.18, force: 0.7, film: 1, suction: 1}

// with is the same press with another mesh and dimension.
func (p press) with(elements, dimension int) press {
	p.elements, p.dimension = elements, dimension
	return p
}

// rim is how long the boundary between nodes i and i+1 is in a frame of size 1, size what node i stands for.
func (p press) rim(i int) float64 {
	if i < 0 {
		return 0
	}
	return math.Pow((float64(i)+0.5)/float64(p.elements), float64(p.dimension-1))
}

func (p press) size(i int) float64 {
	n, d := float64(p.elements), float64(p.dimension)
	return (math.Pow((float64(i)+0.5)/n, d) - math.Pow(max(float64(i)-0.5, 0)/n, d)) / d
}

// mesh is the model with its variables.
type mesh struct {
	*bilevel.Model
	frame, pressure bilevel.Var
	gap, reaction   []bilevel.Var
}

// build makes the model of membrane.mod.
func build(p press) mesh {
	model := bilevel.NewModel("membrane")
	m := mesh{Model: model}
	designer, n := model.Leader(), p.elements
	m.frame = designer.Var("frame", 0.1, 10).Start(2)
	m.pressure = designer.Var("pressure", 0.1, 10).Start(2)
	m.gap = designer.Vars("gap", n, 0, bilevel.Inf)
	m.reaction = designer.Vars("reaction", n, 0, bilevel.Inf)
	area := m.frame.Pow(p.dimension)
	designer.Minimize(area.Times(p.film).Plus(m.pressure.Times(p.suction)))
	designer.ConstrainEach("balance", n, func(i int) bilevel.Relation {
		out, in := bilevel.Const(p.depth).Minus(m.gap[i]), bilevel.Const(0)
		if i < n-1 {
			out = m.gap[i+1].Minus(m.gap[i])
		}
		if i > 0 {
			in = m.gap[i].Minus(m.gap[i-1])
		}
		bend := out.Times(p.rim(i)).Minus(in.Times(p.rim(i - 1))).Times(n)
		return bend.Eq(m.frame.Pow(2).Times(m.pressure.Minus(m.reaction[i])).Times(p.size(i)))
	})
	for i := range n {
		designer.Complement(fmt.Sprintf("contact[%d]", i), m.gap[i], m.reaction[i])
	}
	pressed := bilevel.SumOver(n, func(i int) any { return m.reaction[i].Times(p.size(i)) })
	designer.Constrain("press", area.Times(pressed).GE(p.force))
	return m
}

// touching is the number of nodes at which the film lies on the plate.
func (m mesh) touching(r *bilevel.Result) int {
	k := 0
	for _, gap := range r.Values(m.gap) {
		if gap < 1e-6 {
			k++
		}
	}
	return k
}

func run(ctx context.Context, w io.Writer) error {
	tab := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tab, "dimension\telements\ttouching\tframe\tpressure\tcost\tstationary\t")
	for _, dimension := range []int{1, 2} {
		for _, elements := range []int{4, 16, 64} {
			p := example.with(elements, dimension)
			m := build(p)
			r, err := bilevel.Solve(ctx, m.Model)
			if err != nil {
				return err
			}
			if r.Point == nil {
				return fmt.Errorf("%d elements: %s", elements, r.Status.Sentence())
			}
			fmt.Fprintf(tab, "%d\t%d\t%d\t%.5f\t%.5f\t%.5f\t%s\t\n", dimension, elements, m.touching(r), r.Value(m.frame), r.Value(m.pressure),
				r.Objective, r.Stationarity)
		}
		frame, pressure, cost := example.with(0, dimension).continuous()
		fmt.Fprintf(tab, "%d\tcontinuous\t\t%.5f\t%.5f\t%.5f\t\t\n", dimension, frame, pressure, cost)
	}
	return tab.Flush()
}

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
