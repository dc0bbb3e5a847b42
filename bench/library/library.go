package library

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/jsonfile"
	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/model/mpsaux"
	"github.com/gobilevel/bilevel/model/nl"
)

// Library is a folder of models with known answers.
type Library struct {
	Name     string
	Dir      string
	Rule     Rule
	Problems []Problem // in the order of the index
}

// Problem is a model of a library.
type Problem struct {
	Name   string             // unique in its library
	Files  []string           // the model and its data, with their folder
	Params map[string]float64 // of a .mod file
	Known  Known
	Note   string
}

// Known is what an index knows of the answer of a problem.
type Known struct {
	Kind   Kind
	Value  float64 // best objective known, as the model declares it; NaN where Kind is not Value
	Proven bool    // the kind, and the value, are beyond doubt
}

// Kind is the kind of a known answer.
type Kind uint8

// The kinds.
const (
	Nothing    Kind = iota // nothing is known
	Value                  // the best objective known
	Infeasible             // there is no feasible point
	Unbounded              // the objective has no limit
	NoOptimum              // infeasible or unbounded: the index does not say which
)

// String is the kind in words.
func (k Kind) String() string {
	return [...]string{"not known", "a value", "infeasible", "unbounded", "no optimum"}[min(k, NoOptimum)]
}

// String is the value, or the kind where there is none.
func (k Known) String() string {
	if k.Kind == Value {
		return fmt.Sprintf("%.6g", k.Value)
	}
	return k.Kind.String()
}

// Rule says when an answer agrees with an index. A point has to be verified, or to satisfy the absolute tolerances of the rule where these
// are above zero.
type Rule struct {
	Objective   float64 // |F - value| <= Objective*max(1, |value|)
	Feasibility float64 // largest violation of a constraint, integrality or pair of a point that the certificate calls not verified
	FollowerGap float64 // largest follower gap of such a point, relative to max(1, |f|)
	// NoPointAgrees lets a run that ends without a point agree with "infeasible".
	NoPointAgrees bool
}

// IndexError is an index.json that cannot be used.
type IndexError struct {
	File   string
	Line   int // from 1; 0 where the mistake has no place
	Reason string
	Remedy string
	Err    error
}

// Error gives the place, the reason and the remedy.
func (e *IndexError) Error() string {
	s := e.File
	if e.Line > 0 {
		s += fmt.Sprintf(":%d", e.Line)
	}
	s += ": " + e.Reason
	if e.Remedy != "" {
		s += "; " + e.Remedy
	}
	return s
}

// Unwrap gives the cause.
func (e *IndexError) Unwrap() error { return e.Err }

// Open reads the index.json of a folder. The models are read when they are solved. Mistakes are an *IndexError.
func Open(dir string) (*Library, error) {
	file := filepath.Join(dir, "index.json")
	text, err := os.ReadFile(file)
	if err != nil {
		e := &IndexError{File: file, Reason: "cannot be read", Err: err, Remedy: `write one: {"problems": [{"model": "FILE.mod", "value": 500}]}`}
		var why *fs.PathError
		if errors.As(err, &why) {
			e.Reason = why.Err.Error()
		}
		return nil, e
	}
	l := &Library{Dir: dir, Name: folderName(dir)}
	if err := l.parse(file, text); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, p := range l.Problems {
		if seen[p.Name] {
			return nil, &IndexError{File: file, Reason: fmt.Sprintf("two problems have the name %q", p.Name), Remedy: `give one of them another "name"`}
		}
		seen[p.Name] = true
	}
	if len(l.Problems) == 0 {
		return nil, &IndexError{File: file, Reason: "lists no problem", Remedy: `write {"problems": [{"model": "FILE.mod", "value": 500}]}`}
	}
	return l, nil
}

func folderName(dir string) string {
	if full, err := filepath.Abs(dir); err == nil {
		dir = full
	}
	return filepath.Base(dir)
}

// Select is the library with those problems whose name one of the patterns matches, in the syntax of path.Match; all where there is no
// pattern. A pattern that matches nothing is an error.
func (l *Library) Select(patterns []string) (*Library, error) {
	if len(patterns) == 0 {
		return l, nil
	}
	out := *l
	out.Problems = nil
	used := make([]bool, len(patterns))
	for _, p := range l.Problems {
		hit := false
		for k, pattern := range patterns {
			ok, err := path.Match(pattern, p.Name)
			if err != nil {
				return nil, fmt.Errorf("%q is not a pattern: %w; write * for any letters, ? for one, [ab] for one of several", pattern, err)
			}
			used[k] = used[k] || ok
			hit = hit || ok
		}
		if hit {
			out.Problems = append(out.Problems, p)
		}
	}
	for k, ok := range used {
		if !ok {
			return nil, fmt.Errorf("no problem of %s matches %q; the first is called %s", l.Name, patterns[k], l.Problems[0].Name)
		}
	}
	return &out, nil
}

// Read reads the model.
func (p *Problem) Read(ctx context.Context) (*model.Model, error) {
	name := p.Files[0]
	ext := strings.ToLower(filepath.Ext(strings.TrimSuffix(name, ".gz")))
	if ext != ".mod" && len(p.Params) > 0 {
		return nil, fmt.Errorf("%s: only .mod files have parameters", name)
	}
	switch ext {
	case ".mps", ".qps":
		aux := ""
		if len(p.Files) > 1 {
			aux = p.Files[1]
		}
		return mpsaux.ReadFiles(name, aux, mpsaux.Options{})
	case ".json":
		return jsonfile.ReadFile(name)
	case ".nl":
		return nl.ReadFile(name)
	case ".mod":
	default:
		return nil, fmt.Errorf("%s: no model is known by the ending %q; use .mod, .mps, .json or .nl", name, ext)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	f, err := modfile.Parse(name, text)
	if err != nil {
		return nil, err
	}
	for _, data := range p.Files[1:] {
		if text, err = os.ReadFile(data); err != nil {
			return nil, err
		}
		if err := f.Data(data, text); err != nil {
			return nil, err
		}
	}
	return f.Instantiate(modfile.Options{Params: p.Params, Context: ctx})
}

// known is a value, or nothing where it is NaN.
func known(v float64, proven bool) Known {
	if math.IsNaN(v) {
		return Known{Value: v}
	}
	return Known{Kind: Value, Value: v, Proven: proven}
}
