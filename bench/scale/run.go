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
	"strconv"

	"github.com/gobilevel/bilevel/bench/clock"
	"github.com/gobilevel/bilevel/bench/highsread"
)

// settings are the command line.
type settings struct {
	n, rounds int
	dir       string // where the MPS files go
	task      string // set in the processes that measure
	file      string
	profile   string
	tasks     []string
}

// tasks are what is built, each in a process of its own.
var tasks = []string{"plain", "kkt"}

func run(args []string, stdout, stderr io.Writer) int {
	var s settings
	flags := flag.NewFlagSet("scale", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprintln(stderr, "usage: scale [options] [plain] [kkt]")
		flags.PrintDefaults()
	}
	flags.IntVar(&s.n, "n", 1_000_000, "number of variables and of constraints, at least 100")
	flags.IntVar(&s.rounds, "rounds", 3, "number of repetitions, at least 1")
	flags.StringVar(&s.dir, "dir", os.TempDir(), "folder for the MPS files, which are removed at the end")
	flags.StringVar(&s.task, "task", "", "measure one thing in this process: plain, kkt, or read with -file")
	flags.StringVar(&s.file, "file", "", "with -task plain or kkt: write the problem there and measure nothing; with -task read: the file to read")
	flags.StringVar(&s.profile, "profile", "", "with -task: write FILE.cpu and FILE.mem for go tool pprof")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 1
	}
	s.tasks = flags.Args()
	unknown := slices.IndexFunc(s.tasks, func(task string) bool { return !slices.Contains(tasks, task) })
	if len(s.tasks) == 0 {
		s.tasks = tasks
	}
	var err error
	switch {
	case unknown >= 0:
		err = fmt.Errorf("there is no task %q; choose plain or kkt", s.tasks[unknown])
	case s.n < 100 || s.n > 100_000_000:
		err = fmt.Errorf("-n %d: choose 100 to 100000000", s.n)
	case s.rounds < 1:
		err = fmt.Errorf("-rounds %d: choose at least 1", s.rounds)
	case s.task == "read" && s.file == "":
		err = errors.New("-task read needs -file")
	case s.task != "":
		err = one(s, stdout)
	default:
		err = all(s, stdout, stderr)
	}
	if err != nil {
		fmt.Fprintln(stderr, "scale:", err)
		return 1
	}
	return 0
}

// one does a task in this process and writes what it took as JSON.
func one(s settings, stdout io.Writer) error {
	var r sample
	err := profiled(s.profile, func() (err error) {
		switch {
		case s.task == "read":
			var h highsread.Reading
			h, err = highsread.File(s.file)
			r = sample{Cols: h.Cols, Rows: h.Rows, Nonzeros: h.Nonzeros, Read: h.Wall.Seconds()}
		case s.file != "":
			err = writeMPS(s.task, s.n, s.file)
		default:
			r, err = build(s.task, s.n)
		}
		return err
	})
	if err != nil {
		return err
	}
	r.Peak, r.CPU = peakMemory(), clock.Processor().Seconds()
	return json.NewEncoder(stdout).Encode(r)
}

// all runs every task and the reading that belongs to it in turn, and prints the figures.
func all(s settings, stdout, stderr io.Writer) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp(s.dir, "scale")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	child := func(arg ...string) (sample, error) {
		cmd := exec.Command(self, append(arg, "-n", strconv.Itoa(s.n))...)
		cmd.Stderr = stderr
		var r sample
		out, err := cmd.Output()
		if err != nil {
			return r, fmt.Errorf("%v: %w", arg, err)
		}
		return r, json.Unmarshal(out, &r)
	}
	var reports []report
	for _, task := range s.tasks {
		file := filepath.Join(dir, task+".mps")
		if _, err := child("-task", task, "-file", file); err != nil {
			return err
		}
		p := report{task: task, file: fileSize(file)}
		for range s.rounds {
			b, err := child("-task", task)
			if err != nil {
				return err
			}
			r, err := child("-task", "read", "-file", file)
			if err != nil {
				return err
			}
			if r.Cols != b.Cols || r.Rows != b.Rows || r.Nonzeros != b.Nonzeros {
				return fmt.Errorf("%s: %d variables, %d constraints and %d nonzeros were built, and %d, %d and %d read: not the same problem",
					task, b.Cols, b.Rows, b.Nonzeros, r.Cols, r.Rows, r.Nonzeros)
			}
			fmt.Fprintf(stderr, "%s: %.2f s, %.0f MB; HiGHS reads %.2f s, %.0f MB\n", task, b.seconds(), float64(b.Peak)/mega, r.Read, float64(r.Peak)/mega)
			p.built, p.read = append(p.built, b), append(p.read, r)
		}
		os.Remove(file)
		reports = append(reports, p)
	}
	for _, p := range reports {
		p.print(stdout)
	}
	return nil
}

func fileSize(file string) int64 {
	st, err := os.Stat(file)
	if err != nil {
		return 0
	}
	return st.Size()
}
