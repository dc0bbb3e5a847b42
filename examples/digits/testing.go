package digits

import (
	"math/rand/v2"

	"github.com/gobilevel/bilevel/hypergrad/matrix"
)

// tester is what Here asks of a test.
type tester interface {
	Helper()
	Skip(args ...any)
	Fatal(args ...any)
}

// Here is the set for a test, which is skipped where the archive is not on the machine.
func Here(t tester) *Set {
	t.Helper()
	name, err := Find()
	if err != nil {
		t.Skip(err)
		return nil
	}
	s, err := Read(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Drawn is a set of n images made up for tests that must not depend on the archive: each digit has a pattern of its own, drawn from the seed, under noise.
func Drawn(n int, seed uint64) *Set {
	r := rand.New(rand.NewPCG(seed, 1))
	var pattern [10][Pixels]float64
	for d := range pattern {
		for j := range pattern[d] {
			if r.IntN(5) == 0 {
				pattern[d][j] = 0.6
			}
		}
	}
	s := &Set{Images: matrix.NewDense(n, Pixels), Digits: make([]int, n)}
	for i := range s.Digits {
		d := i * 10 / n
		s.Digits[i] = d
		row := s.Images.Row(i)
		for j := range row {
			row[j] = min(max(pattern[d][j]+0.4*r.NormFloat64(), 0), 1)
		}
	}
	return s
}
