package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/internal/nearest"
)

// pointFileError is a mistake in a file with a point.
type pointFileError struct {
	file         string
	line, column int // 0 where it has no place
	message      string
}

func (e *pointFileError) Error() string {
	if e.line == 0 {
		return e.file + ": " + e.message
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.file, e.line, e.column, e.message)
}

// readPoint reads a point of m: a JSON object of values by full variable name, or an object with such an object as "values", as
// "bilevelc solve --json" writes it. Entries of variables that are not named, or null, are NaN.
func readPoint(m *bilevel.Model, file string, text []byte) ([]float64, error) {
	values, err := pointValues(text)
	var nested *nestedError
	if errors.As(err, &nested) {
		err = &valueError{nested.at, nested.Error() + "; " + flatForm(m, nested.name)}
	}
	if err != nil {
		return nil, inFile(file, text, err)
	}
	x := make([]float64, m.NumVars())
	for j := range x {
		x[j] = math.NaN()
	}
	for _, e := range values {
		v, ok := m.VarByName(e.name)
		if !ok {
			return nil, inFile(file, text, &valueError{e.at, fmt.Sprintf("the model %s has no variable %q%s", m.Name, e.name, nearVariable(m, e.name))})
		}
		if e.given {
			x[v.Index()] = e.value
		}
	}
	return x, nil
}

// nearVariable suggests the variable that is spelt most like a name, where one is near.
func nearVariable(m *bilevel.Model, name string) string {
	names := make([]string, m.NumVars())
	for j := range names {
		names[j] = m.VarName(j)
	}
	if near := nearest.DidYouMean(name, names); near != "" {
		return "; " + near
	}
	return ""
}

type namedValue struct {
	name  string
	value float64
	given bool
	at    int // offset of the name in the text
}

// valueError is a mistake at an offset of the text.
type valueError struct {
	at      int
	message string
}

func (e *valueError) Error() string { return e.message }

// nestedError is a list or an object where a value is due.
type nestedError struct {
	name, raw string
	at        int
}

func (e *nestedError) Error() string {
	what := "an object"
	if e.raw[0] == '[' {
		what = "a list"
	}
	return fmt.Sprintf("the value of %q is %s; expected a finite number", e.name, what)
}

// flatForm shows how the members of a family of variables, or else the first variables of the model, are written in a point.
func flatForm(m *bilevel.Model, family string) string {
	const most = 3
	var members, all []string
	for j := range m.NumVars() {
		name := m.VarName(j)
		if len(all) < most {
			all = append(all, name)
		}
		if strings.HasPrefix(name, family+"[") {
			if members = append(members, name); len(members) == most {
				break
			}
		}
	}
	if len(members) == 0 {
		members = all
	}
	for k, name := range members {
		quoted, _ := json.Marshal(name)
		members[k] = string(quoted) + ": 0"
	}
	return "each variable stands in one flat object under its full name: {" + strings.Join(members, ", ") + ", ...}"
}

// pointValues reads the values in the order of the text.
func pointValues(text []byte) ([]namedValue, error) {
	// The decoder below counts the offsets of its errors in more than one way, so the text is checked first.
	if err := json.Unmarshal(text, new(json.RawMessage)); err != nil {
		return nil, err
	}
	list, err := entries(text, 0)
	if err != nil {
		return nil, err
	}
	for _, e := range list {
		if e.key == "values" && e.raw[0] == '{' {
			if list, err = entries(e.raw, e.rawAt); err != nil {
				return nil, err
			}
			break
		}
	}
	out := make([]namedValue, 0, len(list))
	for _, e := range list {
		v := namedValue{name: e.key, at: e.at}
		if string(e.raw) != "null" {
			if err := json.Unmarshal(e.raw, &v.value); err != nil {
				if e.raw[0] == '{' || e.raw[0] == '[' {
					return nil, &nestedError{e.key, string(e.raw), e.at}
				}
				return nil, &valueError{e.at, fmt.Sprintf("the value of %q is %.40s; expected a finite number", e.key, e.raw)}
			}
			v.given = true
		}
		out = append(out, v)
	}
	return out, nil
}

// entry is a key of an object with its value as it is written.
type entry struct {
	key       string
	raw       json.RawMessage
	at, rawAt int
}

// entries reads the entries of an object in their order; start is where the text begins in the file.
func entries(text []byte, start int) ([]entry, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	if t != json.Delim('{') {
		return nil, &valueError{start, `expected an object: {"x": 1, "y[2]": 0.5}, or what solve --json writes`}
	}
	var out []entry
	for d.More() {
		before := int(d.InputOffset())
		t, err := d.Token()
		if err != nil {
			return nil, err
		}
		e := entry{at: start + before + max(0, bytes.IndexByte(text[before:], '"'))}
		e.key, _ = t.(string)
		if err := d.Decode(&e.raw); err != nil {
			return nil, err
		}
		e.rawAt = start + int(d.InputOffset()) - len(e.raw)
		out = append(out, e)
	}
	return out, nil
}

// inFile gives an error its place.
func inFile(file string, text []byte, err error) error {
	at := 0
	var syntax *json.SyntaxError
	var value *valueError
	switch {
	case errors.As(err, &syntax):
		at = int(syntax.Offset) - 1
		if strings.HasPrefix(err.Error(), "unexpected end") {
			at = len(text)
		}
	case errors.As(err, &value):
		at = value.at
	}
	e := &pointFileError{file: file, message: err.Error()}
	if syntax != nil {
		e.message = "not a JSON object: " + e.message
	}
	at = min(max(at, 0), len(text))
	before := text[:at]
	e.line = bytes.Count(before, []byte{'\n'}) + 1
	e.column = utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
	return e
}
