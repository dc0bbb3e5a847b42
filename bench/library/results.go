package library

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"time"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/internal/replace"
)

// Format is the number of the format of result files.
const Format = 1

// Number is a number of a result file, in which NaN and infinities are null.
type Number float64

// MarshalJSON writes the shortest text that reads back to the same number.
func (v Number) MarshalJSON() ([]byte, error) {
	if f := float64(v); !math.IsNaN(f) && !math.IsInf(f, 0) {
		return strconv.AppendFloat(nil, f, 'g', -1, 64), nil
	}
	return []byte("null"), nil
}

// UnmarshalJSON reads a number, or null as NaN.
func (v *Number) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		*v = Number(math.NaN())
		return nil
	}
	f, err := strconv.ParseFloat(string(text), 64)
	*v = Number(f)
	return err
}

// Settings are those settings of a run that its figures depend on.
type Settings struct {
	TimeLimit      float64 `json:"time_limit"` // seconds
	Gap            float64 `json:"gap"`        // 0: the default
	Tolerance      float64 `json:"tolerance"`
	Threads        int     `json:"threads"`
	Seed           int     `json:"seed"`
	Multistart     int     `json:"multistart"`
	MaxEvaluations int     `json:"max_evaluations"`
	Parallel       int     `json:"parallel"`
}

// Settings are those of runs with the options, as a result file has them.
func (l *Library) Settings(opt Options) Settings {
	o := opt.Solve
	if o.TimeLimit <= 0 {
		o.TimeLimit = defaultLimit
	}
	return Settings{o.TimeLimit.Seconds(), o.Gap, o.Tolerance, o.Threads, o.Seed, o.Multistart, o.MaxEvaluations, max(1, opt.Parallel)}
}

// Results are the runs of a library, in the order of its index, and of the ways for each problem.
type Results struct {
	Library    string
	Version    string // of the program, set by the caller
	Go, System string
	Processors int
	Settings   Settings
	Runs       []Run
}

// resultFile is the file: the number of its format first.
type resultFile struct {
	Format     int      `json:"bilevel_bench"`
	Library    string   `json:"library"`
	Version    string   `json:"version"`
	Go         string   `json:"go"`
	System     string   `json:"system"`
	Processors int      `json:"processors"`
	Settings   Settings `json:"settings"`
	Runs       []Run    `json:"runs"`
}

// Write writes a result file: a JSON object with the keys bilevel_bench (the number of the format), library, version, go, system,
// processors, settings and runs, each run on a line of its own so that two files can be compared by eye.
func (r *Results) Write(w io.Writer) error {
	var b bytes.Buffer
	settings, err := json.Marshal(r.Settings)
	if err != nil {
		return err
	}
	fmt.Fprintf(&b, "{\n\"bilevel_bench\": %d,\n\"library\": %s,\n\"version\": %s,\n\"go\": %s,\n\"system\": %s,\n\"processors\": %d,\n\"settings\": %s,\n\"runs\": [",
		Format, quoted(r.Library), quoted(r.Version), quoted(r.Go), quoted(r.System), r.Processors, settings)
	for k := range r.Runs {
		line, err := json.Marshal(&r.Runs[k])
		if err != nil {
			return err
		}
		if k > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
		b.Write(line)
	}
	b.WriteString("\n]\n}\n")
	_, err = w.Write(b.Bytes())
	return err
}

func quoted(s string) []byte {
	text, err := json.Marshal(s)
	if err != nil { // cannot be: a string always has a JSON form
		return []byte(`""`)
	}
	return text
}

// WriteFile writes a result file in one step: whoever reads it sees the old one or the new one, also after a crash.
func (r *Results) WriteFile(name string) error {
	return replace.File(name, r.Write)
}

// ReadResults reads a result file. A file that is none is an error with its name and the place.
func ReadResults(name string) (*Results, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var f resultFile
	if err := json.Unmarshal(text, &f); err != nil {
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			return nil, &IndexError{File: name, Line: lineOf(text, text, syntax.Offset), Reason: err.Error(), Remedy: "give a file that bench has written with --out", Err: err}
		}
		return nil, &IndexError{File: name, Reason: err.Error(), Remedy: "give a file that bench has written with --out", Err: err}
	}
	if f.Format != Format {
		return nil, &IndexError{File: name, Reason: fmt.Sprintf("no result file of format %d", Format), Remedy: "give a file that bench has written with --out"}
	}
	return &Results{f.Library, f.Version, f.Go, f.System, f.Processors, f.Settings, f.Runs}, nil
}

// Ways lists the ways of the runs, in the order in which they come.
func (r *Results) Ways() []bilevel.Way {
	var out []bilevel.Way
	seen := map[bilevel.Way]bool{}
	for _, x := range r.Runs {
		if w := x.Way(); !seen[w] {
			seen[w] = true
			out = append(out, w)
		}
	}
	return out
}

// Count counts the runs of a way by verdict, and adds up their seconds.
func (r *Results) Count(w bilevel.Way) (verdicts map[Verdict]int, total time.Duration) {
	verdicts = map[Verdict]int{}
	seconds := 0.0
	for _, x := range r.Runs {
		if x.Way() == w {
			verdicts[x.Verdict]++
			seconds += x.Seconds
		}
	}
	return verdicts, time.Duration(seconds * float64(time.Second))
}

// Resumable reports an error where runs of an earlier file cannot be taken over: its library or its settings differ.
func (r *Results) Resumable(l *Library, opt Options) error {
	switch now := l.Settings(opt); {
	case r.Library != l.Name:
		return fmt.Errorf("its runs are those of the library %s, not %s", r.Library, l.Name)
	case r.Settings != now:
		return fmt.Errorf("its runs were made with other settings: %s, now %s", r.Settings, now)
	}
	return nil
}

// String is the settings as the file has them.
func (s Settings) String() string {
	text, err := json.Marshal(s)
	if err != nil { // cannot be: the fields are finite numbers
		return fmt.Sprint(err)
	}
	return string(text)
}
