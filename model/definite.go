package model

import (
	"math"
	"sort"
)

// Definite says whether a quadratic form is positive semidefinite.
type Definite uint8

// The verdicts of Definiteness.
const (
	Indefinite      Definite = iota // there is a direction of negative curvature
	PSD                             // positive semidefinite, to rounding
	DefiniteUnknown                 // too large to be decided
)

// definiteLimit is the order of the largest connected block whose definiteness is decided by a dense factorisation.
const definiteLimit = 1500

// Definiteness decides whether sign * Σ q.Coef x_I x_J is convex in the variables for which own is true (nil: all), the others fixed.
// The form is split into connected blocks; each is factorised as L D L' with symmetric pivoting (the largest diagonal entry first):
// the form is positive semidefinite when no pivot is below -ε and the rest is zero once the pivots are.
func (m *Model) Definiteness(quad []QuadTerm, own func(j int) bool, sign float64) Definite {
	var in []QuadTerm
	index := map[int32]int32{}
	var vars []int32
	id := func(j int32) int32 {
		k, ok := index[j]
		if !ok {
			k = int32(len(vars))
			index[j] = k
			vars = append(vars, j)
		}
		return k
	}
	for _, q := range quad {
		if own == nil || own(int(q.I)) && own(int(q.J)) {
			in = append(in, QuadTerm{id(q.I), id(q.J), sign * q.Coef})
		}
	}
	parent := make([]int32, len(vars))
	for k := range parent {
		parent[k] = int32(k)
	}
	root := func(k int32) int32 {
		for parent[k] != k {
			parent[k] = parent[parent[k]]
			k = parent[k]
		}
		return k
	}
	for _, q := range in {
		parent[root(q.I)] = root(q.J)
	}
	blocks := map[int32][]QuadTerm{}
	for _, q := range in {
		r := root(q.I)
		blocks[r] = append(blocks[r], q)
	}
	roots := make([]int32, 0, len(blocks))
	for r := range blocks {
		roots = append(roots, r)
	}
	sort.Slice(roots, func(a, b int) bool { return roots[a] < roots[b] })
	verdict := PSD
	for _, r := range roots {
		switch blockDefiniteness(blocks[r]) {
		case Indefinite:
			return Indefinite
		case DefiniteUnknown:
			verdict = DefiniteUnknown
		}
	}
	return verdict
}

func blockDefiniteness(q []QuadTerm) Definite {
	local := map[int32]int{}
	for _, t := range q {
		for _, k := range [2]int32{t.I, t.J} {
			if _, ok := local[k]; !ok {
				local[k] = len(local)
			}
		}
	}
	n := len(local)
	if n == 1 {
		if q[0].Coef >= 0 {
			return PSD
		}
		return Indefinite
	}
	diag := make([]float64, n)
	off := make([]float64, n)
	for _, t := range q {
		i, j := local[t.I], local[t.J]
		if i == j {
			diag[i] += 2 * t.Coef
		} else {
			off[i] += math.Abs(t.Coef)
			off[j] += math.Abs(t.Coef)
		}
	}
	dominant := true
	for i := range diag {
		if diag[i] < 0 || diag[i] == 0 && off[i] > 0 {
			return Indefinite
		}
		dominant = dominant && diag[i] >= off[i]
	}
	if dominant {
		return PSD // by Gershgorin's circles
	}
	if n > definiteLimit {
		return DefiniteUnknown
	}
	a := make([]float64, n*n)
	for _, t := range q {
		i, j := local[t.I], local[t.J]
		if i == j {
			a[i*n+i] += 2 * t.Coef
		} else {
			a[i*n+j] += t.Coef
			a[j*n+i] += t.Coef
		}
	}
	return pivotedLDL(a, n)
}

// pivotedLDL factorises the dense symmetric matrix a of order n in place.
func pivotedLDL(a []float64, n int) Definite {
	scale := 0.0
	for i := 0; i < n; i++ {
		scale = math.Max(scale, math.Abs(a[i*n+i]))
	}
	tol := 1e-11 * scale * float64(n)
	perm := make([]int, n)
	for i := range perm {
		perm[i] = i
	}
	for k := 0; k < n; k++ {
		p := k
		for i := k; i < n; i++ {
			if a[perm[i]*n+perm[i]] > a[perm[p]*n+perm[p]] {
				p = i
			}
			if a[perm[i]*n+perm[i]] < -tol {
				return Indefinite
			}
		}
		perm[k], perm[p] = perm[p], perm[k]
		d := a[perm[k]*n+perm[k]]
		if d <= tol { // all pivots left are zero: the rest must be zero too
			for i := k; i < n; i++ {
				for j := k; j < i; j++ {
					if math.Abs(a[perm[i]*n+perm[j]]) > math.Sqrt(tol*scale)+tol {
						return Indefinite
					}
				}
			}
			return PSD
		}
		row := a[perm[k]*n : perm[k]*n+n]
		for i := k + 1; i < n; i++ {
			f := row[perm[i]] / d
			if f == 0 {
				continue
			}
			ri := a[perm[i]*n : perm[i]*n+n]
			for j := k + 1; j < n; j++ {
				ri[perm[j]] -= f * row[perm[j]]
			}
		}
	}
	return PSD
}
