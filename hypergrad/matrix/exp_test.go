package matrix

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// exactExp is e^x to 160 bits, by the series of x/2^20 squared twenty times.
func exactExp(x float64) *big.Float {
	const bits = 240
	r := new(big.Float).SetPrec(bits).SetFloat64(x)
	r.SetMantExp(r, -20)
	sum, term := big.NewFloat(1).SetPrec(bits), big.NewFloat(1).SetPrec(bits)
	for k := 1; k < 40; k++ {
		term.Mul(term, r)
		term.Quo(term, new(big.Float).SetPrec(bits).SetInt64(int64(k)))
		sum.Add(sum, term)
	}
	for range 20 {
		sum.Mul(sum, sum)
	}
	return sum
}

func relative(got float64, want *big.Float) float64 {
	d := new(big.Float).SetPrec(240).SetFloat64(got)
	d.Sub(d, want)
	d.Quo(d, want)
	f, _ := d.Float64()
	return math.Abs(f)
}

func TestExp(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	x := []float64{0, math.Copysign(0, -1), 1, -1, 709, 708.9, -707.9, -708, 1e-300, -1e-17, 0.5 * math.Ln2, -0.5 * math.Ln2, 1.5 * math.Ln2}
	for len(x) < 4003 {
		x = append(x, 1.4*(r.Float64()-0.5)*math.Pow(10, 3*r.Float64()-0.01))
	}
	got := append([]float64(nil), x...)
	Exp(got)
	worst := 0.0
	for i, v := range x {
		e := relative(got[i], exactExp(v))
		if worst = max(worst, e); e > 3e-16 {
			t.Fatalf("exp(%v) = %v, relative error %.3g", v, got[i], e)
		}
	}
	t.Logf("largest relative error %.3g", worst)
	// What is no number, overflows or is no normal number must come out as math.Exp has it.
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 709.5, 710, 1e9, -708.5, -745, -746, -1e300} {
		list := []float64{v, 1, v, -2, v}
		Exp(list)
		for i, w := range []float64{v, 1, v, -2, v} {
			if want := math.Exp(w); math.Abs(list[i]-want) > 1e-15*want && math.Float64bits(list[i]) != math.Float64bits(want) {
				t.Errorf("exp(%v) = %v, want %v", w, list[i], want)
			}
		}
	}
}

func TestLogistic(t *testing.T) {
	for _, n := range []int{1, 3, 4, 5, 63, 64, 65, 200} {
		r := rand.New(rand.NewPCG(uint64(n), 7))
		at, labels, second := make([]float64, n), make([]float64, n), make([]float64, n)
		for i := range at {
			at[i], labels[i] = 300*r.NormFloat64()*math.Pow(r.Float64(), 6), float64(2*r.IntN(2)-1)
		}
		const scale = 0.3
		var want float64
		first, curve := make([]float64, n), make([]float64, n)
		for i, v := range at {
			m := labels[i] * v
			want += scale * (max(-m, 0) + math.Log1p(math.Exp(-math.Abs(m))))
			first[i] = -scale * labels[i] / (1 + math.Exp(m))
			curve[i] = scale / (1 + math.Exp(m)) / (1 + math.Exp(-m))
		}
		alone := append([]float64(nil), at...)
		if got := Logistic(alone, labels, nil, scale); math.Abs(got-want) > 1e-14*(1+want) {
			t.Errorf("%d samples: %v, want %v", n, got, want)
		}
		Logistic(at, labels, second, scale)
		for i := range at {
			if math.Abs(at[i]-first[i]) > 2e-15*math.Abs(first[i])+1e-300 || math.Abs(second[i]-curve[i]) > 4e-15*curve[i]+1e-300 || alone[i] != at[i] {
				t.Errorf("sample %d of %d: %v and %v, want %v and %v", i, n, at[i], second[i], first[i], curve[i])
			}
		}
	}
	// Margins far out.
	far := []float64{800, -800, 1e300, -1e300, 0}
	if v := Logistic(far, []float64{1, 1, 1, -1, 1}, nil, 1); math.Abs(v-800-math.Ln2) > 1e-12 || math.Abs(far[0]) > 1e-300 || far[1] != -1 || math.Abs(far[2]) > 1e-300 || math.Abs(far[3]) > 1e-300 || far[4] != -0.5 {
		t.Errorf("far margins: %v, %v", v, far)
	}
	for i := range 4 {
		no := []float64{1, 2, 3, 4}
		no[i] = math.NaN()
		if v := Logistic(no, []float64{1, 1, 1, 1}, nil, 1); !math.IsNaN(v) || !math.IsNaN(no[i]) {
			t.Errorf("no number at %d: %v, %v", i, v, no)
		}
	}
}

func BenchmarkLogistic(b *testing.B) {
	t, labels, second := make([]float64, 64), make([]float64, 64), make([]float64, 64)
	for i := range labels {
		labels[i] = 1
	}
	for b.Loop() {
		Logistic(t, labels, second, 1)
	}
}
