package main

import (
	"fmt"
	"math/rand/v2"
	"os"

	"github.com/gobilevel/bilevel/bench"
	"github.com/gobilevel/bilevel/export"
	"github.com/gobilevel/bilevel/model"
)

// shapes are the kinds of files, and the bytes that a row and a column together take in them.
var shapes = []struct {
	name  string
	bytes int
	make  func(n int) *model.Model
}{
	{"scattered", 172, bench.Plain},
	{"digits", 266, digits},
	{"banded", 195, banded},
}

// digits is bench.Plain with other numbers.
func digits(n int) *model.Model {
	m := bench.Plain(n)
	rng := rand.New(rand.NewPCG(1, 2))
	for r := range m.NumRows() {
		_, coefs := m.RowAffine(r)
		for k := range coefs {
			coefs[k] = rng.NormFloat64()
		}
	}
	return m
}

// banded has rows of five columns next to each other.
func banded(n int) *model.Model {
	m := model.New("banded")
	goal := m.Accumulator()
	for j := range n {
		m.AddVars(0, fmt.Sprintf("C%07d", j), nil, 1, model.Kind(j%2), 0, float64(2+j%7))
		goal.AddTerm(float64(j%17), j)
	}
	m.Leader().SetObjective(model.Objective{Name: "COST", F: goal.Function()})
	for r := range n {
		f := m.Accumulator()
		for k := range 5 {
			f.AddTerm(float64(1+(r+k)%9), (r+k)%n)
		}
		m.AddRow(0, fmt.Sprintf("R%07d", r), f.Function(), 1, float64(40+r%3))
	}
	return m
}

// write makes a file of a shape, of about so many bytes.
func write(shape string, size int, file string) error {
	for _, s := range shapes {
		if s.name != shape {
			continue
		}
		f, err := os.Create(file)
		if err != nil {
			return err
		}
		if err := export.WriteMPS(f, s.make(max(10, size/s.bytes))); err != nil {
			f.Close()
			return err
		}
		return f.Close()
	}
	return fmt.Errorf("there is no shape %q; choose scattered, digits or banded", shape)
}
