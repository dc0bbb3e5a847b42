package family

import (
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/model"
)

// Forecast is a newsvendor with P products over T periods: the leader chooses the two coefficients of each product's forecast, the
// follower buys by the forecast, and the leader's cost comes from selling against the demand that occurs.
func Forecast(products, periods int, seed uint64) *model.Model {
	r := NewRandom(seed)
	d := make([][]float64, periods)
	for t := range d {
		d[t] = make([]float64, products)
	}
	for p := 0; p < products; p++ {
		d[0][p] = 1
		for t := 1; t < periods; t++ {
			d[t][p] = math.Max(0, 3+0.7*d[t-1][p]+0.2*r.Normal())
		}
	}
	u := 8 * float64(products)
	m := model.New(fmt.Sprintf("FORECAST (%d,%d) seed %d", products, periods, seed))
	l, f := m.Leader(), m.Follower("seller")
	n := products * (periods - 1)
	at := func(i int) (p, t int) { return i / (periods - 1), i%(periods-1) + 1 }
	sell := func(i int) float64 { p, _ := at(i); return 5 + 0.1*float64(p+1) }
	buy := func(i int) float64 { p, _ := at(i); return 4 + 0.1*float64(p+1) }
	back := func(i int) float64 { p, _ := at(i); return 3 + 0.1*float64(p+1) }
	phi0, phi1 := l.Vars("phi0", products, 0, 10), l.Vars("phi1", products, -1, 1)
	qs2, qr2 := l.Vars("qs2", n, 0, u), l.Vars("qr2", n, 0, u)
	qb, qs, qr := f.Vars("qb", n, 0, u), f.Vars("qs", n, 0, u), f.Vars("qr", n, 0, u)
	profit := func(s, b, r []model.Var) model.Expr {
		return model.SumOver(n, func(i int) any {
			return b[i].Times(buy(i)).Minus(s[i].Times(sell(i))).Minus(r[i].Times(back(i)))
		})
	}
	l.Minimize(profit(qs2, qb, qr2))
	l.ConstrainEach("sold", n, func(i int) model.Relation { return qs2[i].Plus(qr2[i]).LE(qb[i]) })
	l.ConstrainEach("demand", n, func(i int) model.Relation { p, t := at(i); return qs2[i].LE(d[t][p]) })
	f.Minimize(profit(qs, qb, qr))
	f.ConstrainEach("stock", n, func(i int) model.Relation { return qs[i].Plus(qr[i]).LE(qb[i]) })
	f.ConstrainEach("forecast", n, func(i int) model.Relation {
		p, t := at(i)
		return qs[i].LE(phi0[p].Plus(phi1[p].Times(d[t-1][p])))
	})
	f.ConstrainEach("room", periods-1, func(t int) model.Relation {
		return model.SumOver(products, func(p int) any { return qb[p*(periods-1)+t] }).LE(u)
	})
	return m
}
