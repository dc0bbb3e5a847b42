package mpcc

import "slices"

// planJacobian places the derivatives of the methods' functions behind those of the lifted program.
func (r *reformulated) planJacobian() {
	r.jr, r.jc = slices.Clone(r.lifted.jacRows), slices.Clone(r.lifted.jacCols)
	r.jacOwn = len(r.jr)
	row := int32(r.first)
	add := func(cols ...int32) int32 {
		at := int32(len(r.jr))
		for _, c := range cols {
			r.jr, r.jc = append(r.jr, row), append(r.jc, c)
		}
		row++
		return at
	}
	if r.aggregated && len(r.pairs) > 0 {
		var cols []int32
		for _, k := range r.pairs {
			cols = append(cols, r.p.sides[k][0].col, r.p.sides[k][1].col)
		}
		slices.Sort(cols)
		cols = slices.Compact(cols)
		at := add(cols...)
		for _, k := range r.pairs {
			a, _ := slices.BinarySearch(cols, r.p.sides[k][0].col)
			b, _ := slices.BinarySearch(cols, r.p.sides[k][1].col)
			r.pairJac = append(r.pairJac, [2]int32{at + int32(a), at + int32(b)})
		}
		return
	}
	for range r.method.Functions() {
		for _, k := range r.pairs {
			a, b := r.p.sides[k][0].col, r.p.sides[k][1].col
			switch {
			case a == b:
				at := add(a)
				r.pairJac = append(r.pairJac, [2]int32{at, at})
			case a < b:
				at := add(a, b)
				r.pairJac = append(r.pairJac, [2]int32{at, at + 1})
			default:
				at := add(b, a)
				r.pairJac = append(r.pairJac, [2]int32{at + 1, at})
			}
		}
	}
}

// place orders entries of a lower triangle by row, then column.
func place(i, j int32) int64 { return int64(max(i, j))<<32 | int64(min(i, j)) }

// curved reports whether a method's functions have second derivatives GG and HH.
func (m Method) curved() bool {
	switch m {
	case Scholtes, ScholtesSum, LinFukushima, Kadrani, Penalty, Product, MinFunction:
		return false
	}
	return true
}

// planHessian merges the lifted program's Hessian with a block of two variables for each pair.
func (r *reformulated) planHessian() {
	hr, hc := r.lifted.HessianPattern()
	var places []int64
	for k := range hr {
		places = append(places, place(hr[k], hc[k]))
	}
	r.both = r.method.curved()
	for _, k := range r.pairs {
		a, b := r.p.sides[k][0].col, r.p.sides[k][1].col
		places = append(places, place(a, b))
		if r.both {
			places = append(places, place(a, a), place(b, b))
		}
	}
	slices.Sort(places)
	places = slices.Compact(places)
	for _, at := range places {
		r.hr, r.hc = append(r.hr, int32(at>>32)), append(r.hc, int32(at))
	}
	find := func(i, j int32) int32 {
		at, _ := slices.BinarySearch(places, place(i, j))
		return int32(at)
	}
	for k := range hr {
		r.baseHess = append(r.baseHess, find(hr[k], hc[k]))
	}
	for _, k := range r.pairs {
		a, b := r.p.sides[k][0].col, r.p.sides[k][1].col
		at := [3]int32{-1, find(a, b), -1}
		if r.both {
			at[0], at[2] = find(a, a), find(b, b)
		}
		r.pairHess = append(r.pairHess, at)
	}
	r.hess = make([]float64, len(hr))
}
