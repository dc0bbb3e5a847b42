package main

import (
	"math"

	"github.com/gobilevel/bilevel"
)

// special are problems that show one difficulty each; the files of the same names say which.
var special = []problem{
	{name: "infeasible", build: infeasible, status: bilevel.StatusInfeasible, relaxed: 0},
	{name: "unbounded", build: unbounded, status: bilevel.StatusUnbounded, relaxed: math.Inf(1)},
	{name: "ties", build: ties, value: 0.5, relaxed: 0.5, point: []float64{1, 0.5, 0.5}},
	{name: "hpr-unbounded", build: hprUnbounded, value: 10, relaxed: math.Inf(1), point: []float64{10, 10}},
	{name: "follower-unbounded", build: followerUnbounded, value: 6, relaxed: 15, point: []float64{2, 0}},
	{name: "follower-infeasible", build: followerInfeasible, value: 20, relaxed: 24, point: []float64{4, 4}},
	{name: "irrelevant-without", build: irrelevant(false), value: 5.5, relaxed: 0, point: []float64{5.5, 0, 1}},
	{name: "irrelevant-with", build: irrelevant(true), value: 3, relaxed: 0, point: []float64{0, 1, 0}},
	{name: "degenerate", build: degenerate, value: 4, relaxed: 6, point: []float64{2, 2}},
	{name: "big-m-100", build: bigM100, value: -90, relaxed: -100, point: []float64{-60, 60}},
}

func infeasible(m *bilevel.Model) {
	x := m.Leader().Var("x", 0, 1)
	f := m.Follower("lower")
	y := f.Var("y", 0, bilevel.Inf)
	f.Maximize(y)
	f.Constrain("a", y.LE(x.Plus(1)))
	m.Leader().Minimize(x)
	m.Leader().Constrain("limit", y.LE(0.5))
}

func unbounded(m *bilevel.Model) {
	x := m.Leader().Var("x", 0, bilevel.Inf)
	f := m.Follower("lower")
	y := f.Var("y", 0, bilevel.Inf)
	f.Minimize(y)
	f.Constrain("a", y.Times(3).GE(x))
	m.Leader().Maximize(x.Minus(y.Times(2)))
}

func ties(m *bilevel.Model) {
	x := m.Leader().Var("x", 0, 1)
	f := m.Follower("lower")
	y := f.Vars("y", 2, 0, bilevel.Inf)
	f.Minimize(bilevel.Sum(y...))
	f.Constrain("need", bilevel.Sum(y...).GE(1))
	m.Leader().Maximize(x.Minus(y[0]))
	m.Leader().Constrain("share", y[0].GE(x.Times(0.5)))
}

func hprUnbounded(m *bilevel.Model) {
	x := m.Leader().Var("x", 0, 10)
	f := m.Follower("lower")
	y := f.Var("y", -bilevel.Inf, bilevel.Inf)
	f.Minimize(y)
	f.Constrain("a", y.GE(x))
	f.Constrain("b", y.GE(bilevel.Const(4).Minus(x)))
	m.Leader().Maximize(y.Times(2).Minus(x))
}

func followerUnbounded(m *bilevel.Model) {
	x := m.Leader().Var("x", 0, 5)
	f := m.Follower("lower")
	y := f.Var("y", 0, bilevel.Inf)
	f.Maximize(x.Minus(2).Times(y))
	m.Leader().Maximize(x.Times(3).Minus(y))
}

func followerInfeasible(m *bilevel.Model) {
	x := m.Leader().Var("x", 0, 10)
	f := m.Follower("lower")
	y := f.Var("y", -bilevel.Inf, bilevel.Inf)
	f.Minimize(y)
	f.Constrain("a", y.GE(x))
	f.Constrain("b", y.LE(bilevel.Const(6).Minus(x.Times(0.5))))
	m.Leader().Maximize(x.Plus(y.Times(4)))
}

func irrelevant(with bool) func(m *bilevel.Model) {
	return func(m *bilevel.Model) {
		x := m.Leader().Var("x", 0, bilevel.Inf)
		away := m.Leader().Var("away", -bilevel.Inf, bilevel.Inf)
		f := m.Follower("lower")
		y := f.Var("y", -bilevel.Inf, bilevel.Inf)
		f.Minimize(y)
		f.Constrain("a", y.GE(x.Times(2).Minus(10)))
		if with {
			f.Constrain("irrelevant", y.GE(0))
		}
		m.Leader().Minimize(x.Plus(away.Times(3)))
		m.Leader().Constrain("above", away.GE(y.Minus(1)))
		m.Leader().Constrain("below", away.GE(bilevel.Const(1).Minus(y)))
	}
}

func degenerate(m *bilevel.Model) {
	x := m.Leader().Var("x", 0, 2)
	f := m.Follower("lower")
	y := f.Var("y", 0, bilevel.Inf)
	f.Maximize(y)
	f.Constrain("a", y.LE(x))
	f.Constrain("b", y.LE(bilevel.Const(4).Minus(x)))
	f.Constrain("c", y.LE(2))
	m.Leader().Maximize(x.Times(3).Minus(y))
}

func bigM100(m *bilevel.Model) {
	x := m.Leader().Var("x", -60, 15)
	f := m.Follower("lower")
	y := f.Var("y", -bilevel.Inf, bilevel.Inf)
	f.Minimize(y)
	f.Constrain("a", y.GE(x.Neg()))
	f.Constrain("b", y.GE(x.Times(4)))
	m.Leader().Minimize(x.Minus(y.Times(0.5)))
	m.Leader().Constrain("window", y.Expr().Between(30, 80))
}
