package matrix

import "math"

// The kernels take arguments between these; the exponentials there are normal numbers.
const (
	expLeast = -708
	expMost  = 709
)

// Exp overwrites x with exponentials of its entries. Their relative error is below 3e-16; the last bit may differ from that of math.Exp.
func Exp(x []float64) {
	for len(x) > 0 {
		n := min(len(x), block)
		expBlock(x[:n])
		x = x[n:]
	}
}

// expBlock is Exp for at most block entries, the last of which are filled up to whole lanes: an exponential does not depend on where it stands.
func expBlock(x []float64) {
	var lanes [block]float64
	inside := true
	for i, v := range x {
		lanes[i] = v
		inside = inside && v > expLeast && v < expMost
	}
	if !expLanes(lanes[:padded(len(x))]) {
		for i, v := range x {
			x[i] = math.Exp(v)
		}
		return
	}
	if inside {
		copy(x, lanes[:])
		return
	}
	for i, v := range x {
		if v > expLeast && v < expMost {
			x[i] = lanes[i]
		} else {
			x[i] = math.Exp(v)
		}
	}
}

// Logistic looks at predictions t of samples with labels b = ±1: it answers the sum of scale·ln(1+exp(-b_i t_i)), overwrites t with the derivatives
// -scale·b_i σ(-b_i t_i), σ(m) = 1/(1+exp(-m)), and stores in second, where it is not nil, the second derivatives scale·σ(t_i) σ(-t_i). The
// relative errors are a few units of the last place, except that with a vector kernel margins beyond 708 count as 708, so that derivatives below 1e-307·scale
// are not told apart.
func Logistic(t, labels, second []float64, scale float64) (value float64) {
	labels = labels[:len(t)]
	for lo := 0; lo < len(t); lo += block {
		hi := min(lo+block, len(t))
		var keep []float64
		if second != nil {
			keep = second[lo:hi]
		}
		value += logisticBlock(t[lo:hi], labels[lo:hi], keep, scale, nothing(t))
	}
	return value
}

// logisticBlock is Logistic for at most block samples: the logarithms are that of one product then, which is at most 2⁶⁴.
func logisticBlock(t, labels, second []float64, scale float64, a ahead) float64 {
	value, product := logisticProduct(t, labels, second, scale, a)
	return scale * (value + math.Log(product))
}

// logisticProduct is logisticBlock but for the logarithm.
func logisticProduct(t, labels, second []float64, scale float64, a ahead) (value, product float64) {
	head := len(t) / lane * lane
	product = 1
	done := head > 0
	if done {
		var keep []float64
		if second != nil {
			keep = second[:head]
		}
		value, product, done = logisticLanes(t[:head], labels[:head], keep, scale, a)
	}
	if !done {
		head = 0
	}
	// With e = exp(-|m|) at the margin m: ln(1+exp(-m)) = max(-m, 0) + ln(1+e).
	for i := head; i < len(t); i++ {
		b := labels[i]
		m := b * t[i]
		e := math.Exp(-math.Abs(m))
		product *= 1 + e
		q := 1 / (1 + e) // the probability of the likelier label
		if m < 0 {
			value -= m
			t[i] = -scale * b * q
		} else {
			t[i] = -scale * b * e * q
		}
		if second != nil {
			second[i] = scale * e * q * q
		}
	}
	return value, product
}
