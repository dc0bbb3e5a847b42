package readertest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/gobilevel/bilevel/model"
)

// SameByName compares a model of one player with what came back of it through a format that may put variables and constraints into another
// order and give pairs slack variables, whose names contain "~slack": the variables with their bounds, kinds and start values, the SOS1 sets, and
// at random points the values of the objective, of the constraints and of the members of the pairs. An integer variable between 0 and 1 may
// come back binary.
func SameByName(m, back *model.Model) error {
	at := make([]int, m.NumVars())
	for j := range at {
		v, ok := back.VarByName(m.VarName(j))
		if !ok {
			return fmt.Errorf("variable %s is gone", m.VarName(j))
		}
		at[j] = v.Index()
		if err := sameVariable(m, j, back, at[j]); err != nil {
			return err
		}
	}
	if m.Leader().Objective().Sense != back.Leader().Objective().Sense {
		return fmt.Errorf("the sense of the objective changed")
	}
	if a, b := sets(m, nil), sets(back, at); !slices.Equal(a, b) {
		return fmt.Errorf("the SOS1 sets were %v and are %v", a, b)
	}
	rng := rand.New(rand.NewPCG(3, uint64(m.NumVars())))
	for range 3 {
		x, y := make([]float64, m.NumVars()), make([]float64, back.NumVars())
		for j := range x {
			lo, hi := m.VarBounds(j)
			lo, hi = max(lo, min(hi, 2)-1), min(hi, max(lo, 0)+2)
			x[j] = lo + (hi-lo)*rng.Float64()
			y[at[j]] = x[j]
		}
		fillSlacks(back, y)
		if err := samePoint(m, back, x, y); err != nil {
			return err
		}
	}
	return nil
}

func sameVariable(m *model.Model, j int, back *model.Model, k int) error {
	name := m.VarName(j)
	lo, hi := m.VarBounds(j)
	kind, asBinary := m.VarKind(j), m.VarKind(j) == model.Integer && lo >= 0 && hi <= 1
	if l, h := back.VarBounds(k); l != lo || h != hi || back.VarKind(k) != kind && !asBinary {
		return fmt.Errorf("variable %s is %v in [%v, %v], was %v in [%v, %v]", name, back.VarKind(k), l, h, kind, lo, hi)
	}
	if s, b := m.VarStart(j), back.VarStart(k); s != b && !(math.IsNaN(s) && math.IsNaN(b)) {
		return fmt.Errorf("variable %s starts at %v, not at %v", name, b, s)
	}
	return nil
}

// sets lists the SOS1 sets by the names of their members, which are in the order of their weights; at are the places in the other model whose
// variables count, nil for all.
func sets(m *model.Model, at []int) []string {
	var list []string
	for _, s := range m.SOS1Sets() {
		order := make([]int, len(s.Vars))
		for k := range order {
			order[k] = k
		}
		if s.Weights != nil {
			slices.SortStableFunc(order, func(a, b int) int {
				switch {
				case s.Weights[a] < s.Weights[b]:
					return -1
				case s.Weights[a] > s.Weights[b]:
					return 1
				}
				return 0
			})
		}
		var names []string
		for _, k := range order {
			if j := int(s.Vars[k]); at == nil || slices.Contains(at, j) {
				names = append(names, m.VarName(j))
			}
		}
		list = append(list, strings.Join(names, " "))
	}
	slices.Sort(list)
	return list
}

// fillSlacks gives the variables that were added their values, from the equations that define them.
func fillSlacks(back *model.Model, y []float64) {
	for r := range back.NumRows() {
		idx, coefs := back.RowAffine(r)
		for k, j := range idx {
			if strings.Contains(back.VarName(int(j)), "~slack") {
				lo, _ := back.RowBounds(r)
				y[j] = 0
				y[j] = (lo - back.RowValue(r, y)) / coefs[k]
			}
		}
	}
}

// near reports whether two values agree but for rounding.
func near(got, want float64) bool {
	return math.Abs(got-want) <= 1e-12*math.Max(1, math.Abs(want)) || math.IsNaN(got) && math.IsNaN(want) || got == want
}

// samePoint compares the values at a point x of m and the same point y of back.
func samePoint(m, back *model.Model, x, y []float64) error {
	if got, want := back.ObjectiveValue(0, y), m.ObjectiveValue(0, x); !near(got, want) {
		return fmt.Errorf("the objective is %v, was %v", got, want)
	}
	inPair := make(map[int]bool)
	for k := range m.NumPairs() {
		for _, s := range []model.Member{m.Pair(k).A, m.Pair(k).B} {
			if s.Row {
				inPair[int(s.Index)] = true
			}
		}
	}
	for r := range m.NumRows() {
		name := m.RowName(r)
		q, ok := back.RowByName(name)
		if !ok {
			return fmt.Errorf("constraint %s is gone", name)
		}
		if inPair[r] {
			continue
		}
		lo, hi := m.RowBounds(r)
		l, h := back.RowBounds(q.Index())
		was, is := m.RowValue(r, x), back.RowValue(q.Index(), y)
		free := math.IsInf(lo, -1) && math.IsInf(hi, 1)
		if free && !near(is, was) || !near(is-l, was-lo) || !near(h-is, hi-was) {
			return fmt.Errorf("constraint %s: %v in [%v, %v], was %v in [%v, %v]", name, is, l, h, was, lo, hi)
		}
	}
	want, equations := members(m, x)
	got, _ := members(back, y)
	if len(got)+equations != len(want) {
		return fmt.Errorf("%d pairs, were %d", len(got), len(want))
	}
	for k := range got {
		if !near(got[k][0], want[k][0]) || !near(got[k][1], want[k][1]) {
			return fmt.Errorf("the members of a pair are %v, were %v", got[k], want[k])
		}
	}
	return nil
}

// members are the values of the members of all pairs, sorted, and the number of pairs that are equations, which come last.
func members(m *model.Model, x []float64) (list [][2]float64, equations int) {
	for k := range m.NumPairs() {
		p := m.Pair(k)
		v := [2]float64{m.MemberValue(p.A, x), m.MemberValue(p.B, x)}
		if !p.Mixed() && v[0] > v[1] {
			v[0], v[1] = v[1], v[0]
		}
		if p.Mixed() {
			lo, hi := m.VarBounds(int(p.A.Index))
			if p.A.Row {
				lo, hi = m.RowBounds(int(p.A.Index))
			}
			switch {
			case math.IsInf(lo, -1) && math.IsInf(hi, 1):
				equations++
				v = [2]float64{math.Inf(1), v[1]}
			case math.IsInf(hi, 1): // is a standard pair then
				v[0] -= lo
				v = [2]float64{min(v[0], v[1]), max(v[0], v[1])}
			case math.IsInf(lo, -1):
				v = [2]float64{hi - v[0], -v[1]}
				v = [2]float64{min(v[0], v[1]), max(v[0], v[1])}
			}
		}
		list = append(list, v)
	}
	slices.SortFunc(list, func(a, b [2]float64) int { return slices.Compare(a[:], b[:]) })
	return list, equations
}
