package main

import "github.com/gobilevel/bilevel"

// fromLiterature are the problems that were published, oldest first. The files of the same names give the sources in full.
var fromLiterature = []problem{
	{name: "bard-falk-1982", build: bardFalk1982, value: -3.25, relaxed: -4, point: []float64{2, 0, 1.5, 0}},
	{name: "candler-townsley-1982", build: candlerTownsley1982, value: 29.2, relaxed: 58, point: []float64{0, 0.9, 0, 0.6, 0.4}},
	{name: "bard-1984", build: bard1984, value: 28.0 / 9, relaxed: 2, point: []float64{8.0 / 9, 20.0 / 9}},
	{name: "bialas-karwan-1984", build: bialasKarwan1984, value: 11, relaxed: 14, point: []float64{16, 11}},
	{name: "clark-westerberg-1988", build: clarkWesterberg1988, value: -37, relaxed: -63, point: []float64{19, 14}},
	{name: "anandalingam-white-1990", build: anandalingamWhite1990, value: 49, relaxed: 52, point: []float64{16, 11}},
	{name: "ben-ayed-blair-1990", build: benAyedBlair1990, value: 2.5, relaxed: 10, point: []float64{1, 0, 1}},
	{name: "clark-westerberg-1990", build: clarkWesterberg1990, value: -13, relaxed: -13, point: []float64{5, 4, 2}},
	{name: "haurie-savard-white-1990", build: haurieSavardWhite1990, value: 27, relaxed: 12, point: []float64{12, 3}},
	{name: "moore-bard-1990", build: mooreBard1990, value: 18, relaxed: 42, point: []float64{8, 1}},
	{name: "bard-1991", build: bard1991, value: -1, relaxed: -1},
	{name: "liu-hart-1994", build: liuHart1994, value: 16, relaxed: 17, point: []float64{4, 4}},
	{name: "bard-1998", build: bard1998, value: -12, relaxed: -21, point: []float64{4, 4}},
	{name: "mersha-dempe-2006", build: mershaDempe2006, value: -20, relaxed: -22, point: []float64{8, 6}},
	{name: "mersha-dempe-2006-moved", build: mershaDempe2006Moved, value: -22, relaxed: -22, point: []float64{6, 8}},
	{name: "lan-2007", build: lan2007, value: -936.0 / 11, relaxed: -5909.0 / 33, point: []float64{192.0 / 11, 120.0 / 11}},
	{name: "beck-schmidt-2021", build: beckSchmidt2021, value: 39.0 / 7, relaxed: 3, point: []float64{3.0 / 7, 6.0 / 7}},
}

func bardFalk1982(m *bilevel.Model) {
	x := m.Leader().Vars("x", 2, 0, bilevel.Inf)
	f := m.Follower("lower")
	y := f.Vars("y", 2, 0, bilevel.Inf)
	f.Minimize(x[0].Plus(x[1]).Minus(y[0].Times(4)).Plus(y[1]))
	f.Constrain("a", x[0].Times(2).Minus(y[0]).Plus(y[1]).GE(2.5))
	f.Constrain("b", x[0].Minus(x[1].Times(3)).Plus(y[1]).LE(2))
	f.Constrain("c", x[0].Plus(x[1]).LE(2))
	m.Leader().Minimize(x[0].Times(-2).Plus(x[1]).Plus(y[0].Times(0.5)))
}

func candlerTownsley1982(m *bilevel.Model) {
	x := m.Leader().Vars("x", 2, 0, bilevel.Inf)
	f := m.Follower("lower")
	y := f.Vars("y", 3, 0, bilevel.Inf)
	f.Minimize(bilevel.Dot([]float64{1, 2}, x).Plus(bilevel.Dot([]float64{1, 1, 2}, y)))
	f.Constrain("a", bilevel.Dot([]float64{-1, 1, 1}, y).LE(1))
	f.Constrain("b", x[0].Times(2).Plus(bilevel.Dot([]float64{-1, 2, -0.5}, y)).LE(1))
	f.Constrain("c", x[1].Times(2).Plus(bilevel.Dot([]float64{2, -1, -0.5}, y)).LE(1))
	m.Leader().Maximize(bilevel.Dot([]float64{8, 4}, x).Plus(bilevel.Dot([]float64{-4, 40, 4}, y)))
}

func bard1984(m *bilevel.Model) {
	x := m.Leader().Var("x", 0, bilevel.Inf)
	f := m.Follower("lower")
	y := f.Var("y", 0, bilevel.Inf)
	f.Minimize(x.Times(-5).Minus(y))
	f.Constrain("a", x.Plus(y.Times(0.5)).GE(2))
	f.Constrain("b", x.Times(-0.25).Plus(y).LE(2))
	f.Constrain("c", x.Plus(y.Times(0.5)).LE(8))
	f.Constrain("d", x.Minus(y.Times(2)).LE(4))
	m.Leader().Minimize(x.Plus(y))
}

func bialasKarwan1984(m *bilevel.Model) {
	x := m.Leader().Var("x", 0, bilevel.Inf)
	f := m.Follower("lower")
	y := f.Var("y", 0, bilevel.Inf)
	f.Minimize(y)
	f.Constrain("a", x.Plus(y.Times(2)).GE(10))
	f.Constrain("b", x.Plus(y.Times(2)).LE(38))
	f.Constrain("c", x.Minus(y.Times(2)).GE(-18))
	f.Constrain("d", x.Minus(y.Times(2)).LE(6))
	f.Constrain("e", x.Times(2).Minus(y).LE(21))
	m.Leader().Maximize(y)
}

func clarkWesterberg1988(m *bilevel.Model) {
	x := m.Leader().Var("x", -bilevel.Inf, bilevel.Inf)
	f := m.Follower("lower")
	y := f.Var("y", -bilevel.Inf, bilevel.Inf)
	f.Minimize(y)
	f.Constrain("a", x.Times(-2).Plus(y).LE(0))
	f.Constrain("b", x.Times(2).Plus(y.Times(5)).LE(108))
	f.Constrain("c", x.Times(2).Minus(y.Times(3)).LE(-4))
	m.Leader().Minimize(x.Minus(y.Times(4)))
}

func anandalingamWhite1990(m *bilevel.Model) {
	x := m.Leader().Var("x", 0, bilevel.Inf)
	f := m.Follower("lower")
	y := f.Var("y", 0, bilevel.Inf)
	f.Minimize(y)
	f.Constrain("a", x.Plus(y.Times(2)).GE(10))
	f.Constrain("b", x.Minus(y.Times(2)).LE(6))
	f.Constrain("c", x.Times(2).Minus(y).LE(21))
	f.Constrain("d", x.Plus(y.Times(2)).LE(38))
	f.Constrain("e", x.Neg().Plus(y.Times(2)).LE(18))
	m.Leader().Maximize(x.Plus(y.Times(3)))
}

func benAyedBlair1990(m *bilevel.Model) {
	x := m.Leader().Var("x", 0, 1)
	f := m.Follower("lower")
	y := f.Vars("y", 2, 0, bilevel.Inf)
	f.Maximize(y[0].Plus(y[1].Times(5)))
	f.Constrain("a", x.Plus(y[0].Times(3)).Plus(y[1]).LE(5))
	f.Constrain("b", x.Times(2).Plus(y[0]).Plus(y[1].Times(3)).LE(5))
	m.Leader().Maximize(x.Times(1.5).Plus(y[0].Times(6)).Plus(y[1]))
}

func clarkWesterberg1990(m *bilevel.Model) {
	x := m.Leader().Var("x", 0, 8)
	f := m.Follower("lower")
	y1 := f.Var("y1", 0, 4)
	y2 := f.Var("y2", -bilevel.Inf, bilevel.Inf)
	f.Minimize(y1.Neg())
	f.Constrain("a", x.Times(-2).Plus(y1).Plus(y2.Times(4)).LE(16))
	f.Constrain("b", x.Times(8).Plus(y1.Times(3)).Minus(y2.Times(2)).LE(48))
	f.Constrain("c", x.Times(-2).Plus(y1).Minus(y2.Times(3)).LE(-12))
	m.Leader().Minimize(x.Neg().Minus(y1.Times(3)).Plus(y2.Times(2)))
}

func haurieSavardWhite1990(m *bilevel.Model) {
	x := m.Leader().Var("x", -bilevel.Inf, bilevel.Inf)
	f := m.Follower("lower")
	y := f.Var("y", -bilevel.Inf, bilevel.Inf)
	f.Minimize(y.Neg())
	f.Constrain("a", x.Plus(y).GE(8))
	f.Constrain("b", x.Times(-3).Plus(y.Times(2)).LE(6))
	f.Constrain("c", x.Times(3).Plus(y.Times(4)).LE(48))
	f.Constrain("d", x.Times(2).Minus(y.Times(5)).LE(9))
	m.Leader().Minimize(x.Plus(y.Times(5)))
}

func mooreBard1990(m *bilevel.Model) {
	x := m.Leader().Var("x", 0, bilevel.Inf)
	f := m.Follower("lower")
	y := f.Var("y", 0, bilevel.Inf)
	f.Minimize(y)
	f.Constrain("a", x.Times(-25).Plus(y.Times(20)).LE(30))
	f.Constrain("b", x.Plus(y.Times(2)).LE(10))
	f.Constrain("c", x.Times(2).Minus(y).LE(15))
	f.Constrain("d", x.Times(2).Plus(y.Times(10)).GE(15))
	m.Leader().Maximize(x.Plus(y.Times(10)))
}

func bard1991(m *bilevel.Model) {
	x := m.Leader().Var("x", 0, bilevel.Inf)
	f := m.Follower("lower")
	y := f.Vars("y", 2, 0, bilevel.Inf)
	f.Minimize(y[0].Neg().Minus(y[1]))
	f.ConstrainEach("a", 2, func(k int) bilevel.Relation { return x.Plus(y[k]).LE(1) })
	f.Constrain("b", y[0].Plus(y[1]).LE(1))
	m.Leader().Minimize(x.Neg().Plus(y[0].Times(10)).Minus(y[1]))
}

func liuHart1994(m *bilevel.Model) {
	x := m.Leader().Var("x", 0, bilevel.Inf)
	f := m.Follower("lower")
	y := f.Var("y", 0, bilevel.Inf)
	f.Minimize(y)
	f.Constrain("a", x.Neg().Plus(y).LE(3))
	f.Constrain("b", x.Plus(y.Times(2)).LE(12))
	f.Constrain("c", x.Times(4).Minus(y).LE(12))
	m.Leader().Maximize(x.Plus(y.Times(3)))
}

func bard1998(m *bilevel.Model) {
	x := m.Leader().Var("x", 0, bilevel.Inf)
	f := m.Follower("lower")
	y := f.Var("y", 0, bilevel.Inf)
	f.Minimize(y)
	f.Constrain("a", x.Plus(y).GE(3))
	f.Constrain("b", x.Times(-2).Plus(y).LE(0))
	f.Constrain("c", x.Times(2).Plus(y).LE(12))
	f.Constrain("d", x.Times(3).Minus(y.Times(2)).LE(4))
	m.Leader().Minimize(x.Minus(y.Times(4)))
}

func mershaDempe2006(m *bilevel.Model) {
	x := m.Leader().Var("x", -bilevel.Inf, bilevel.Inf)
	f := m.Follower("lower")
	y := f.Var("y", -bilevel.Inf, bilevel.Inf)
	f.Minimize(y.Neg())
	f.Constrain("c", x.Times(3).Minus(y).GE(3))
	f.Constrain("d", x.Times(3).Plus(y).LE(30))
	m.Leader().Minimize(x.Neg().Minus(y.Times(2)))
	m.Leader().Constrain("a", x.Times(2).Minus(y.Times(3)).GE(-12))
	m.Leader().Constrain("b", x.Plus(y).LE(14))
}

func mershaDempe2006Moved(m *bilevel.Model) {
	x := m.Leader().Var("x", -bilevel.Inf, bilevel.Inf)
	f := m.Follower("lower")
	y := f.Var("y", -bilevel.Inf, bilevel.Inf)
	f.Minimize(y.Neg())
	f.Constrain("a", x.Times(2).Minus(y.Times(3)).GE(-12))
	f.Constrain("b", x.Plus(y).LE(14))
	f.Constrain("c", x.Times(3).Minus(y).GE(3))
	f.Constrain("d", x.Times(3).Plus(y).LE(30))
	m.Leader().Minimize(x.Neg().Minus(y.Times(2)))
}

func lan2007(m *bilevel.Model) {
	x := m.Leader().Var("x", 0, bilevel.Inf)
	f := m.Follower("lower")
	y := f.Var("y", 0, bilevel.Inf)
	f.Minimize(x.Plus(y.Times(3)))
	f.Constrain("a", x.Minus(y.Times(2)).LE(4))
	f.Constrain("b", x.Times(2).Minus(y).LE(24))
	f.Constrain("c", x.Times(3).Plus(y.Times(4)).LE(96))
	f.Constrain("d", x.Plus(y.Times(7)).LE(126))
	f.Constrain("e", x.Times(-4).Plus(y.Times(5)).LE(65))
	f.Constrain("g", x.Plus(y.Times(4)).GE(8))
	m.Leader().Minimize(x.Times(2).Minus(y.Times(11)))
}

func beckSchmidt2021(m *bilevel.Model) {
	x := m.Leader().Var("x", 0, bilevel.Inf)
	f := m.Follower("lower")
	y := f.Var("y", -bilevel.Inf, bilevel.Inf)
	f.Minimize(y.Neg())
	f.Constrain("a", x.Times(2).Minus(y).GE(0))
	f.Constrain("b", x.Plus(y).LE(6))
	f.Constrain("c", x.Neg().Plus(y.Times(6)).GE(-3))
	f.Constrain("d", x.Plus(y.Times(3)).GE(3))
	m.Leader().Minimize(x.Plus(y.Times(6)))
	m.Leader().Constrain("coupling", x.Neg().Plus(y.Times(5)).LE(12.5))
}
