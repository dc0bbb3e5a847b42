package matrix

// LogisticRows is a pass over rows of a logistic model in one go: with the products t = Xv of the rows, and labels b = ±1 of all rows of the matrix,
//
//	value = Σ scale ln(1+exp(-b t)),   out = Σ x' (-scale b σ(-bt)),   σ(m) = 1/(1+exp(-m)),
//
// sums over the rows x. A nil out leaves out the gradient. It computes what PassRows with Logistic does, to the last bit, and fetches the rows of next, with their labels,
// on its way: those that the next pass will begin with; a nil next is none. It runs on one thread.
func (d *Dense) LogisticRows(rows, next []int, labels []float64, scale float64, v, out []float64) (value float64) {
	w := d.take(v, nil)
	clear(w.out)
	d.eachBlock(rows, next, labels, w, func(some []int, b []float64, fetch ahead) {
		d.dots(d.data, some, w, false, fetch)
		t := w.t[:len(some)]
		value += logisticBlock(t, b, nil, scale, fetch)
		if out != nil {
			d.sums(d.data, some, t, nil, w.out, nil, fetch)
		}
	})
	if out != nil {
		copy(out, w.out[:d.cols])
	}
	d.pool.Put(w)
	return value
}

// LogisticPairs is LogisticRows with a product with second derivatives, and without the value: with s = Xu as well
//
//	outU = Σ x' (scale σ(t) σ(-t) s).
//
// A nil out leaves out the gradient.
func (d *Dense) LogisticPairs(rows, next []int, labels []float64, scale float64, v, u, out, outU []float64) {
	w := d.take(v, u)
	clear(w.out)
	clear(w.outU)
	d.eachBlock(rows, next, labels, w, func(some []int, b []float64, fetch ahead) {
		d.dots(d.data, some, w, true, fetch)
		t, s, second := w.t[:len(some)], w.s[:len(some)], w.second[:len(some)]
		logisticProduct(t, b, second, scale, fetch)
		for i, c := range second {
			s[i] *= c
		}
		if out != nil {
			d.sums(d.data, some, t, s, w.out, w.outU, fetch)
		} else {
			d.sums(d.data, some, s, nil, w.outU, nil, fetch)
		}
	})
	if out != nil {
		copy(out, w.out[:d.cols])
	}
	copy(outU, w.outU[:d.cols])
	d.pool.Put(w)
}

// eachBlock calls f for blocks of rows with their labels, and with what to fetch meanwhile.
func (d *Dense) eachBlock(rows, next []int, labels []float64, w *workspace, f func(some []int, b []float64, fetch ahead)) {
	labels = labels[:d.rows]
	for lo := 0; lo < len(rows); lo += block {
		hi := min(lo+block, len(rows))
		then := next
		if hi < len(rows) {
			then = rows[hi:]
		}
		fetchLabels(then, labels)
		b := w.labels[:hi-lo]
		for i, r := range rows[lo:hi] {
			b[i] = labels[r] // before the kernels, which do not look whether there is such a row
		}
		f(rows[lo:hi], b, d.next(then, w))
	}
}

// fetchLabels fetches a list of rows and, where these follow each other, their labels.
func fetchLabels(list []int, labels []float64) {
	n := min(len(list), block)
	if n == 0 {
		return
	}
	Fetch(list[:n])
	if first := list[0]; list[n-1]-first == n-1 && first >= 0 && first+n <= len(labels) {
		Fetch(labels[first : first+n])
	}
}
