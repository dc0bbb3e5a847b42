//go:build !purego

package matrix

import "math"

// expTable holds the constants of the kernels of exp_amd64.s, each four times: log2 e, ln 2 in two parts, the least and the largest argument, 1/13! to
// 1/2!, 1, and the sign bit.
var expTable = func() (table [19 * lane]float64) {
	list := []float64{math.Log2E, 6.93147180369123816490e-01, 1.90821492927058770002e-10, expLeast, expMost}
	factorial := 6227020800.0
	for k := 13; k >= 1; k-- {
		list = append(list, 1/factorial)
		factorial /= float64(k)
	}
	list = append(list, math.Copysign(0, -1))
	for i := range table {
		table[i] = list[i/lane]
	}
	return table
}()

//go:noescape
func expAVX2(table, x *float64, n int)

//go:noescape
func logisticAVX2(table *float64, n int, t, labels, second *float64, scale float64, sums *[8]float64, ahead *float64, next *int, stride int)

//go:noescape
func logisticEightsAVX2(table *float64, n int, t, labels, second *float64, scale float64, sums *[8]float64, ahead *float64, next *int, stride int)

// expLanes overwrites x, whose length is a positive multiple of lane, with exponentials of its entries, cut to expLeast and expMost. It answers false
// where the processor has no kernel.
func expLanes(x []float64) bool {
	if vector {
		expAVX2(&expTable[0], &x[0], len(x))
	}
	return vector
}

// logisticLanes is Logistic for a positive multiple of lane, at most block, with the logarithms left out: value is the sum of max(-m, 0), product that of
// 1 + exp(-|m|). It fetches a line of each row ahead on its way.
func logisticLanes(t, labels, second []float64, scale float64, a ahead) (value, product float64, ok bool) {
	if !vector {
		return 0, 1, false
	}
	sums := [8]float64{4: 1, 1, 1, 1}
	head := len(t) / 8 * 8
	if head > 0 {
		var keep *float64
		if second != nil {
			keep = &second[0]
		}
		logisticEightsAVX2(&expTable[0], head, &t[0], &labels[0], keep, scale, &sums, a.line(1), &a.rows[0], a.stride)
	}
	if head < len(t) {
		var keep *float64
		if second != nil {
			keep = &second[head]
		}
		logisticAVX2(&expTable[0], len(t)-head, &t[head], &labels[head], keep, scale, &sums, a.line(1), &a.rows[head], a.stride)
	}
	return (sums[0] + sums[1]) + (sums[2] + sums[3]), (sums[4] * sums[5]) * (sums[6] * sums[7]), true
}
