package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/model/modfile"
)

// input is where a model comes from.
type input struct {
	params []string // name=value
	aux    string   // the AUX file of an MPS file
}

func (in *input) flags(c *cobra.Command) {
	c.Flags().StringArrayVar(&in.params, "param", nil, "give a parameter of the model a value, whatever its files say: `name=value`, name[3]=value (repeatable)")
	c.Flags().StringVar(&in.aux, "aux", "", "`file` that says what of an MPS file is the follower's (default: FILE.aux or FILE.txt beside it; none: do not look)")
}

// read reads a model file and its data files and makes the model. The name - stands for standard input.
func (in *input) read(ctx context.Context, a *app, names []string) (*bilevel.Model, error) {
	if err := checkKinds(names); err != nil {
		return nil, err
	}
	if isMPS(names[0]) {
		return in.readMPS(names)
	}
	if kind := storedKind(names[0]); kind != "" {
		return in.readStored(kind, names)
	}
	if in.aux != "" {
		return nil, &usageError{"--aux " + in.aux + ": " + names[0] + " is no MPS file", "leave --aux out, or give a file that ends in .mps"}
	}
	params, err := in.values()
	if err != nil {
		return nil, err
	}
	f, err := a.parse(names)
	if err != nil {
		return nil, err
	}
	return instantiate(ctx, f, names, params)
}

// parse reads a model file and its data files.
func (a *app) parse(names []string) (*modfile.File, error) {
	if err := checkKinds(names); err != nil {
		return nil, err
	}
	if isMPS(names[0]) {
		return nil, &usageError{names[0] + ": an MPS file has no parameters to vary", paramsHint}
	}
	if kind := storedKind(names[0]); kind != "" {
		return nil, &usageError{names[0] + ": a file of " + kind + " has no parameters to vary", storedHint}
	}
	texts := make([][]byte, len(names))
	for i, name := range names {
		var err error
		if texts[i], err = a.readFile(name, names[:i]); err != nil {
			return nil, err
		}
	}
	f, err := modfile.Parse(names[0], texts[0])
	if err != nil {
		return nil, err
	}
	for i, name := range names[1:] {
		if err := f.Data(name, texts[i+1]); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// instantiate makes the model of a file with the values of some parameters.
func instantiate(ctx context.Context, f *modfile.File, names []string, params map[string]float64) (*bilevel.Model, error) {
	m, err := f.Instantiate(modfile.Options{Params: params, Context: ctx})
	if err != nil {
		if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
			return nil, &stoppedError{fmt.Errorf("interrupted while the model was made: %w", err)}
		}
		return nil, err
	}
	if names[0] == "-" {
		m.Name = "stdin"
	}
	return m, nil
}

// readFile reads a whole file, or standard input, which is there once.
func (a *app) readFile(name string, before []string) ([]byte, error) {
	if name != "-" {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, &fileError{name, err}
		}
		return text, nil
	}
	for _, b := range before {
		if b == "-" {
			return nil, &usageError{"standard input (-) can be read only once", "put one of the texts in a file"}
		}
	}
	text, err := io.ReadAll(a.stdin)
	if err != nil {
		return nil, &fileError{"-", err}
	}
	return text, nil
}

// fileError is a file that cannot be read or written.
type fileError struct {
	name string
	err  error
}

func (e *fileError) Error() string {
	if s, err := os.Stat(e.name); err == nil && s.IsDir() {
		return e.name + " is a folder; name a file in it"
	}
	if e.name == "" {
		return "the name of a file is empty; give a file"
	}
	return e.err.Error() + e.remedy()
}

// remedy says what to do about a folder that is not there or that takes no file.
func (e *fileError) remedy() string {
	folder := filepath.Dir(e.name)
	s, err := os.Stat(folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "; there is no folder " + folder + ": make it, or give another path"
	case err == nil && !s.IsDir():
		return "; " + folder + " is a file and no folder: give another path"
	case errors.Is(e.err, fs.ErrPermission):
		return "; change its permissions, or give another path"
	}
	return ""
}

func (e *fileError) Unwrap() error { return e.err }

// values parses the --param flags.
func (in *input) values() (map[string]float64, error) {
	params := map[string]float64{}
	for _, p := range in.params {
		k := strings.LastIndexByte(p, '=')
		if k <= 0 {
			return nil, &usageError{fmt.Sprintf("--param %s: no value", p), "write --param name=value, for example --param demand=50"}
		}
		name, text := strings.TrimSpace(p[:k]), strings.TrimSpace(p[k+1:])
		v, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(v) {
			return nil, &usageError{fmt.Sprintf("--param %s: %q is not a number", p, text), "write --param name=value, for example --param demand=50"}
		}
		if _, twice := params[name]; twice {
			return nil, &usageError{fmt.Sprintf("--param %s: %s is given twice", p, name), "give one value; bilevelc sweep solves for several"}
		}
		params[name] = v
	}
	return params, nil
}
