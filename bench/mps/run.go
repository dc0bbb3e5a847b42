package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"github.com/gobilevel/bilevel/bench/clock"
	"github.com/gobilevel/bilevel/bench/highsread"
	"github.com/gobilevel/bilevel/export"
	"github.com/gobilevel/bilevel/model/mpsaux"
)

// sample is what one process measured.
type sample struct {
	Cols, Rows, Nonzeros int
	Seconds              float64
	CPU                  float64 // processor time of the work, 0 where it is not known
}

// settings are the command line.
type settings struct {
	rounds, size int
	file, task   string
	shapes       []string
}

func run(args []string, stdout, stderr io.Writer) int {
	var s settings
	flags := flag.NewFlagSet("mps", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprintln(stderr, "usage: mps [options] [scattered] [digits] [banded]")
		flags.PrintDefaults()
	}
	flags.IntVar(&s.size, "size", 50, "size of the files in MB, 1 to 10000")
	flags.IntVar(&s.rounds, "rounds", 5, "number of repetitions, at least 1")
	flags.StringVar(&s.file, "file", "", "measure that file and none of the shapes")
	flags.StringVar(&s.task, "task", "", "with -file, measure one thing in this process: read, write or highs")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 1
	}
	s.shapes = flags.Args()
	var err error
	switch {
	case s.rounds < 1:
		err = fmt.Errorf("-rounds %d: choose at least 1", s.rounds)
	case s.size < 1 || s.size > 10000:
		err = fmt.Errorf("-size %d: choose 1 to 10000", s.size)
	case s.task != "":
		err = one(s, stdout)
	default:
		err = all(s, stdout)
	}
	if err != nil {
		fmt.Fprintln(stderr, "mps:", err)
		return 1
	}
	return 0
}

// one measures one thing in this process and writes it as JSON.
func one(s settings, stdout io.Writer) error {
	var r sample
	var err error
	switch s.task {
	case "highs":
		r, err = byHighs(s.file)
	case "read", "write":
		r, err = ours(s)
	default:
		err = fmt.Errorf("there is no task %q; choose read, write or highs", s.task)
	}
	if err != nil {
		return err
	}
	return json.NewEncoder(stdout).Encode(r)
}

// byHighs measures how long HiGHS takes to read a file.
func byHighs(file string) (sample, error) {
	r, err := highsread.File(file)
	return sample{r.Cols, r.Rows, r.Nonzeros, r.Wall.Seconds(), r.Processor.Seconds()}, err
}

// ours measures reading, or the writing of what was read.
func ours(s settings) (sample, error) {
	before := clock.Processor()
	start := time.Now()
	m, err := mpsaux.ReadFiles(s.file, "none", mpsaux.Options{})
	if err != nil {
		return sample{}, err
	}
	if s.task == "write" {
		out, err := os.CreateTemp(filepath.Dir(s.file), "written*.mps")
		if err != nil {
			return sample{}, err
		}
		defer os.Remove(out.Name())
		defer out.Close()
		before, start = clock.Processor(), time.Now()
		if err := export.WriteMPS(out, m); err != nil {
			return sample{}, err
		}
	}
	return sample{m.NumVars(), m.NumRows(), m.NumNonzeros(), time.Since(start).Seconds(), (clock.Processor() - before).Seconds()}, nil
}

// all measures reading, HiGHS's reading and writing in turn.
func all(s settings, stdout io.Writer) error {
	if s.file != "" {
		return measure(s, s.file, s.file, stdout)
	}
	dir, err := os.MkdirTemp("", "mps")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if len(s.shapes) == 0 {
		for _, shape := range shapes {
			s.shapes = append(s.shapes, shape.name)
		}
	}
	for _, shape := range s.shapes {
		file := filepath.Join(dir, shape+".mps")
		if err := write(shape, s.size*1_000_000, file); err != nil {
			return err
		}
		if err := measure(s, shape, file, stdout); err != nil {
			return err
		}
		os.Remove(file)
	}
	return nil
}

// measure takes the figures of one file and prints them.
func measure(s settings, name, file string, stdout io.Writer) error {
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	tasks := []string{"read", "highs", "write"}
	var seconds, cpu [3][]float64
	for range s.rounds {
		var first sample
		for k, task := range tasks {
			r, err := child(task, file)
			if err != nil {
				return err
			}
			if k == 0 {
				first = r
			} else if r.Cols != first.Cols || r.Rows != first.Rows || r.Nonzeros != first.Nonzeros {
				return fmt.Errorf("%s: %d columns, %d rows and %d nonzeros by %s, but %d, %d and %d by read", file, r.Cols, r.Rows, r.Nonzeros, task, first.Cols, first.Rows, first.Nonzeros)
			}
			seconds[k], cpu[k] = append(seconds[k], r.Seconds), append(cpu[k], r.CPU)
		}
	}
	fmt.Fprintf(stdout, "%s, %.1f MB, %d rounds; medians\n", name, float64(info.Size())/1e6, s.rounds)
	fmt.Fprintf(stdout, "  %-16s %10s %15s\n", "", "seconds", "processor time")
	for k, what := range []string{"reading", "HiGHS's reading", "writing"} {
		fmt.Fprintf(stdout, "  %-16s %10.2f %15.2f\n", what, median(seconds[k]), median(cpu[k]))
	}
	fmt.Fprintf(stdout, "  HiGHS's reading takes %.2f times as long as ours (%.2f of processor time), our writing %.2f times (%.2f) as long as our reading\n\n",
		ratio(seconds[1], seconds[0]), ratio(cpu[1], cpu[0]), ratio(seconds[2], seconds[0]), ratio(cpu[2], cpu[0]))
	return nil
}

// child measures one thing in a process of its own.
func child(task, file string) (sample, error) {
	self, err := os.Executable()
	if err != nil {
		return sample{}, err
	}
	out, err := exec.Command(self, "-task", task, "-file", file).Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return sample{}, fmt.Errorf("%s %s: %w\n%s", task, file, err, exit.Stderr)
	}
	var r sample
	if err != nil {
		return r, err
	}
	return r, json.Unmarshal(out, &r)
}

// ratio is the median of the ratios of pairs.
func ratio(a, b []float64) float64 {
	list := make([]float64, len(a))
	for k := range a {
		list[k] = a[k] / b[k]
	}
	return median(list)
}

func median(list []float64) float64 {
	list = slices.Sorted(slices.Values(list))
	n := len(list)
	return (list[(n-1)/2] + list[n/2]) / 2
}
