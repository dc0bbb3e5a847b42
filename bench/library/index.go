package library

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"reflect"
	"strings"
)

// parse reads the text of an index: an object is one of ours, a list that of a public collection.
func (l *Library) parse(file string, text []byte) error {
	trimmed := bytes.TrimLeft(text, " \t\r\n")
	if len(trimmed) == 0 {
		return &IndexError{File: file, Reason: "is empty", Remedy: `write {"problems": [{"model": "FILE.mod", "value": 500}]}`}
	}
	if trimmed[0] == '[' {
		return l.parseCollection(file, text)
	}
	var index struct {
		Library   *string           `json:"library"`
		Tolerance *float64          `json:"tolerance"`
		Problems  []json.RawMessage `json:"problems"`
	}
	if err := strict(file, text, text, &index); err != nil {
		return err
	}
	l.Rule = Rule{Objective: 1e-4}
	if index.Library != nil && *index.Library != "" {
		l.Name = *index.Library
	}
	if t := index.Tolerance; t != nil {
		if !(*t > 0 && *t < 1) {
			return &IndexError{File: file, Reason: fmt.Sprintf("tolerance %v is not between 0 and 1", *t), Remedy: "the default is 1e-4"}
		}
		l.Rule.Objective = *t
	}
	for _, raw := range index.Problems {
		p, err := l.ownProblem(file, text, raw)
		if err != nil {
			return err
		}
		l.Problems = append(l.Problems, p)
	}
	return nil
}

// ownProblem reads a problem of an index of our own.
func (l *Library) ownProblem(file string, text []byte, raw json.RawMessage) (Problem, error) {
	var e struct {
		Name   string             `json:"name"`
		Model  string             `json:"model"`
		Data   []string           `json:"data"`
		Params map[string]float64 `json:"params"`
		Value  any                `json:"value"`
		Proven bool               `json:"proven"`
		Note   string             `json:"note"`
	}
	if err := strict(file, text, raw, &e); err != nil {
		return Problem{}, err
	}
	line := lineOf(text, raw, 0)
	if e.Model == "" {
		return Problem{}, &IndexError{File: file, Line: line, Reason: "a problem without a model", Remedy: `add "model": "FILE.mod"`}
	}
	p := Problem{Name: e.Name, Params: e.Params, Note: e.Note, Files: l.inFolder(append([]string{e.Model}, e.Data...)...)}
	if p.Name == "" {
		p.Name = strings.TrimSuffix(filepath.Base(e.Model), filepath.Ext(e.Model))
	}
	switch v := e.Value.(type) {
	case nil:
		p.Known = Known{Value: math.NaN()}
	case float64:
		p.Known = known(v, e.Proven)
	case string:
		kind, ok := map[string]Kind{"infeasible": Infeasible, "unbounded": Unbounded}[v]
		if !ok {
			return Problem{}, &IndexError{File: file, Line: line, Reason: fmt.Sprintf("%s: the value %q", p.Name, v), Remedy: `write a number, "infeasible", "unbounded" or null`}
		}
		p.Known = Known{Kind: kind, Value: math.NaN(), Proven: true}
	default:
		return Problem{}, &IndexError{File: file, Line: line, Reason: fmt.Sprintf("%s: the value is neither a number nor a word", p.Name), Remedy: `write a number, "infeasible", "unbounded" or null`}
	}
	return p, nil
}

func (l *Library) inFolder(names ...string) []string {
	out := make([]string, len(names))
	for k, n := range names {
		out[k] = n
		if !filepath.IsAbs(n) {
			out[k] = filepath.Join(l.Dir, filepath.FromSlash(n))
		}
	}
	return out
}

// strict decodes part of a text and refuses keys that are not known. Errors have the line in the whole text.
func strict(file string, text, part []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(part))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if err == nil {
		if _, err := d.Token(); !errors.Is(err, io.EOF) {
			return &IndexError{File: file, Line: lineOf(text, part, d.InputOffset()), Reason: "something follows the end of the index"}
		}
		return nil
	}
	line, reason := mistake(text, part, d.InputOffset(), err)
	return &IndexError{File: file, Line: line, Reason: reason, Remedy: "go doc github.com/gobilevel/bilevel/bench/library describes the index", Err: err}
}

// mistake says in the words of JSON what a decoder found in a part of a text, and in which line of the text. Where the error has no place it is at.
func mistake(text, part []byte, at int64, err error) (line int, reason string) {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	reason = strings.TrimPrefix(err.Error(), "json: ")
	switch {
	case errors.As(err, &syntax):
		at = syntax.Offset
	case errors.As(err, &kind):
		at = kind.Offset
		reason = fmt.Sprintf("%s stands where %s is due", article(kind.Value), jsonKind(kind.Type))
		if kind.Field != "" {
			reason = kind.Field + ": " + reason
		}
	case errors.Is(err, io.ErrUnexpectedEOF):
		at, reason = int64(len(part)), "the text ends too early"
	}
	return lineOf(text, part, at), reason
}

// article puts a word of a decoder ("number", "number 1.5", "bool", "array", "object", "string") into JSON's own, with its article.
func article(value string) string {
	word, rest, _ := strings.Cut(value, " ")
	if rest != "" {
		rest = " " + rest
	}
	switch word {
	case "bool":
		return "true or false"
	case "array":
		return "a list"
	case "object":
		return "an object"
	}
	return "a " + word + rest
}

// jsonKind is what a Go type is in JSON, with its article.
func jsonKind(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Pointer:
		return jsonKind(t.Elem())
	case reflect.Map, reflect.Struct:
		return "an object"
	case reflect.Slice, reflect.Array:
		return "a list"
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int64:
		return "a whole number"
	}
	return "a number"
}

// lineOf is the line of a place in a part of a text, which is a copy of a piece of it.
func lineOf(text, part []byte, at int64) int {
	start := max(0, bytes.Index(text, part))
	return 1 + bytes.Count(text[:min(int64(len(text)), int64(start)+max(0, at))], []byte("\n"))
}
