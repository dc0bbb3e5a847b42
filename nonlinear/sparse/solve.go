package sparse

import "math"

// Solve overwrites b by the solution of A x = b, without refinement. Components along zero pivots are 0.
func (f *Factor) Solve(b []float64) {
	y := f.y
	for k, v := range f.sym.perm {
		y[k] = b[v] * f.scale[v]
	}
	for k := range f.blocks {
		f.forward(&f.blocks[k])
	}
	for k := len(f.blocks) - 1; k >= 0; k-- {
		f.backward(&f.blocks[k])
	}
	for k, v := range f.sym.perm {
		b[v] = y[k] * f.scale[v]
	}
}

// forward solves with the columns of L of a block, then with its part of D.
func (f *Factor) forward(b *block) {
	if b.done == 0 {
		return
	}
	index := b.part.index[b.index : b.index+b.size]
	t := f.local[:b.size]
	for i, p := range index {
		t[i] = f.y[p]
	}
	for k := range b.done {
		if v := t[k]; v != 0 {
			subtract(t[k+1:], b.part.l[b.l+k*b.size+k+1:b.l+(k+1)*b.size], v)
		}
	}
	d := b.part.inverse[b.inverse : b.inverse+2*b.done]
	for k := 0; k < b.done; k++ {
		if off := d[2*k+1]; off != 0 {
			p, q := t[k], t[k+1]
			t[k], t[k+1] = d[2*k]*p+off*q, off*p+d[2*k+2]*q
			k++
			continue
		}
		t[k] *= d[2*k]
	}
	for i, p := range index {
		f.y[p] = t[i]
	}
}

// backward solves with the transpose of the columns of L of a block.
func (f *Factor) backward(b *block) {
	if b.done == 0 {
		return
	}
	index := b.part.index[b.index : b.index+b.size]
	t := f.local[:b.size]
	for i, p := range index {
		t[i] = f.y[p]
	}
	for k := b.done - 1; k >= 0; k-- {
		t[k] -= dot(b.part.l[b.l+k*b.size+k+1:b.l+(k+1)*b.size], t[k+1:])
		f.y[index[k]] = t[k]
	}
}

func dot(a, b []float64) float64 {
	b = b[:len(a)]
	s0, s1 := 0.0, 0.0
	i := 0
	for ; i+1 < len(a); i += 2 {
		s0 += a[i] * b[i]
		s1 += a[i+1] * b[i+1]
	}
	if i < len(a) {
		s0 += a[i] * b[i]
	}
	return s0 + s1
}

// Multiply stores A x in y.
func (f *Factor) Multiply(x, y []float64) {
	clear(y)
	rows, cols := f.sym.rows, f.sym.cols
	for k, v := range f.vals {
		i, j := rows[k], cols[k]
		y[i] += v * x[j]
		if i != j {
			y[j] += v * x[i]
		}
	}
}

// Refined stores in x the solution of A x = b and improves it up to steps times by solving for the residual, as long as that falls and is
// larger than enough. It returns the residual
//
//	max |b - A x| / (max |b| + min(max |x|, 1e6 max |b|)).
func (f *Factor) Refined(b, x []float64, steps int, enough float64) float64 {
	copy(x, b)
	f.Solve(x)
	size := norm(b)
	last := math.Inf(1)
	for step := 0; ; step++ {
		f.Multiply(x, f.r)
		for i, v := range b {
			f.r[i] = v - f.r[i]
		}
		now := norm(f.r) / (size + min(norm(x), 1e6*size) + math.SmallestNonzeroFloat64)
		if !(now < last) { // worse, or not a number: back to the one before
			if step > 0 {
				for i := range x {
					x[i] -= f.dx[i]
				}
				return last
			}
			return now
		}
		if step == steps || now <= enough || now > last/2 {
			return now
		}
		last = now
		copy(f.dx, f.r)
		f.Solve(f.dx)
		for i, v := range f.dx {
			x[i] += v
		}
	}
}

func norm(x []float64) float64 {
	most := 0.0
	for _, v := range x {
		if v = math.Abs(v); v > most || v != v {
			most = v
			if v != v {
				return v
			}
		}
	}
	return most
}
