package newton

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
)

// chains are programs of their own that two variables join: links of one chain hang together, and each third link meets one of the two.
func chains(count, links int, marked bool) *model.Model {
	m := model.New("chains")
	l := m.Leader()
	shared := l.Vars("s", 2, 0, 3)
	var cost []model.Expr
	for t := range count {
		y := l.Vars(fmt.Sprintf("y%d", t), links, 0, 2)
		for j, v := range y {
			if marked {
				m.SetVarGroup(v.Index(), t+1)
			}
			d := v.Minus(float64((t+j)%3) - 0.5)
			cost = append(cost, d.Times(d), model.Exp(v).Times(0.01))
			if j > 0 {
				l.Constrain(fmt.Sprintf("link%d_%d", t, j), v.Plus(y[j-1]).LE(2))
			}
			if j%3 == 0 {
				l.Constrain(fmt.Sprintf("meet%d_%d", t, j), v.Plus(shared[(t+j)%2]).GE(1))
			}
		}
	}
	cost = append(cost, shared[0].Times(1), shared[1].Times(shared[1]))
	l.Minimize(model.Sum(cost...))
	return m
}

func TestBlocksAreTaken(t *testing.T) {
	for _, marked := range []bool{true, false} {
		p, err := smooth.Compile(chains(5, 30, marked))
		if err != nil {
			t.Fatal(err)
		}
		pr, _ := newProblem(p)
		for _, c := range []struct {
			apart bool
			want  int
		}{{true, 5}, {false, 0}} {
			k, err := newKKT(pr, c.apart)
			if err != nil {
				t.Fatal(err)
			}
			if got := k.sym.Blocks(); got < c.want || got > 2*c.want {
				t.Errorf("groups %v, blocks %v: %d blocks, want %d", marked, c.apart, got, c.want)
			}
		}
		var value [2]float64
		for i, word := range []string{"yes", "no"} {
			s := &Solver{}
			a, err := s.Solve(context.Background(), p, smooth.Start{X: make([]float64, p.NumVars())}, smooth.Options{Native: map[string]string{"blocks": word}})
			if err != nil || !a.Solved() {
				t.Fatalf("%v %v", a, err)
			}
			value[i] = a.Objective
		}
		if math.Abs(value[0]-value[1]) > 1e-7*math.Abs(value[1]) {
			t.Errorf("groups %v: %v with blocks, %v without", marked, value[0], value[1])
		}
	}
	var wrong *OptionError
	if _, err := readNative(map[string]string{"blocks": "perhaps"}); !errors.As(err, &wrong) {
		t.Errorf("got %v", err)
	}
}
