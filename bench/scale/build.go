package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"time"

	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/bench"
	"github.com/gobilevel/bilevel/export"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/reform"
)

// sample is what one process measured. Times are seconds.
type sample struct {
	Cols, Rows, Nonzeros int
	Build, KKT, Lower    float64 // the steps of building
	Read                 float64
	CPU                  float64 // processor time of the whole process, 0 where it is not known
	Arrays               int64   // bytes
	Peak                 int64   // bytes, 0 where it is not known
}

// seconds is the whole time.
func (s sample) seconds() float64 { return s.Build + s.KKT + s.Lower + s.Read }

// problem is what a task makes. A program that goes on to solve and to recover the answer keeps all of it.
type problem struct {
	given, made *model.Model // made is to be lowered or written
	recovery    reform.Recovery
}

// prepare makes the problem of a task and records how long the steps took.
func prepare(task string, n int, s *sample) (problem, error) {
	var p problem
	start := time.Now()
	switch task {
	case "plain":
		p.given = bench.Plain(n)
	case "kkt":
		p.given = bench.Bilevel(n)
	default:
		return p, fmt.Errorf("there is no task %q; choose plain, kkt or read", task)
	}
	if err := p.given.Err(); err != nil {
		return p, err
	}
	s.Build = time.Since(start).Seconds()
	p.made = p.given
	if task == "kkt" {
		start = time.Now()
		r, err := reform.KKT{}.Apply(context.Background(), p.given)
		if err != nil {
			return p, err
		}
		p.made, p.recovery = r.Model, r.Recovery
		p.made.RemovePairs(func(int) bool { return true }) // they have no place in arrays
		s.KKT = time.Since(start).Seconds()
	}
	return p, nil
}

// build makes the problem of a task and lowers it to arrays.
func build(task string, n int) (sample, error) {
	var s sample
	p, err := prepare(task, n, &s)
	if err != nil {
		return s, err
	}
	start := time.Now()
	a, err := highs.Lower(p.made)
	if err != nil {
		return s, err
	}
	s.Lower = time.Since(start).Seconds()
	s.Cols, s.Rows, s.Nonzeros = a.NumCols(), a.NumRows(), len(a.Value)
	s.Arrays = int64(8*(len(a.Cost)+len(a.ColLower)+len(a.ColUpper)+len(a.RowLower)+len(a.RowUpper)+len(a.Value)) + 4*(len(a.Start)+len(a.Index)))
	runtime.KeepAlive(p)
	return s, nil
}

// writeMPS writes the problem of a task to a file.
func writeMPS(task string, n int, file string) error {
	p, err := prepare(task, n, new(sample))
	if err != nil {
		return err
	}
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	if err := export.WriteMPS(f, p.made); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
