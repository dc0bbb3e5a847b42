package learning

import (
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

func readCSV(lines []line, name, label string) (*Data, error) {
	table := make([][]string, len(lines))
	comma := separator(lines[0].text)
	for i, l := range lines {
		r := csv.NewReader(strings.NewReader(l.text))
		r.TrimLeadingSpace, r.Comma = comma != '\t', comma
		fields, err := r.Read()
		if err != nil {
			var parse *csv.ParseError
			if errors.As(err, &parse) {
				err = parse.Err
			}
			return nil, &DataError{File: name, Line: l.at, Problem: "no line of comma-separated values: " + err.Error(), Remedy: "check the quotes, or give a file in CSV or LIBSVM format"}
		}
		for k := range fields {
			fields[k] = strings.TrimSpace(fields[k])
		}
		table[i] = fields
	}
	header, first := csvHeader(table)
	if first == len(table) {
		return nil, &DataError{File: name, Problem: "there are names of columns but no samples", Remedy: "give one sample a line"}
	}
	width := len(table[first])
	if header != nil && len(header) != width {
		return nil, &DataError{File: name, Line: lines[first].at, Problem: fmt.Sprintf("%d values under %d names of columns", width, len(header)),
			Remedy: "give each column one name, also one of row names, or leave out the line with names"}
	}
	if header == nil {
		header = make([]string, width)
		for k := range header {
			header[k] = "x" + strconv.Itoa(k+1)
		}
	}
	if width < 2 {
		return nil, &DataError{File: name, Line: lines[first].at, Problem: "a sample has one value", Remedy: "give features and a label, separated by commas"}
	}
	at := width - 1
	if label != "" {
		at = -1
		for k, h := range header {
			if h != label {
				continue
			}
			if at >= 0 {
				return nil, &OptionError{"label", fmt.Sprintf("columns %d and %d are named %q", at+1, k+1, label), "give the number of the column, from 1"}
			}
			at = k
		}
		if at < 0 {
			if k, err := strconv.Atoi(label); err == nil && k >= 1 && k <= width {
				at = k - 1
			}
		}
		if at < 0 {
			return nil, &OptionError{"label", fmt.Sprintf("there is no column %q", label), "the columns are " + strings.Join(header, ", ")}
		}
	}
	d := &Data{Name: name}
	for k, h := range header {
		if k != at {
			d.Features = append(d.Features, h)
		}
	}
	numeric := true
	odd, odds := 0, 0 // a line whose label is no number, and how many there are
	for i := first; i < len(table); i++ {
		fields := table[i]
		if len(fields) != width {
			return nil, &DataError{File: name, Line: lines[i].at, Problem: fmt.Sprintf("%d values where the first sample has %d", len(fields), width), Remedy: "give each sample the same columns"}
		}
		row := make([]float64, 0, width-1)
		for k, s := range fields {
			if missing(s) {
				return nil, &DataError{File: name, Line: lines[i].at, Problem: fmt.Sprintf("column %s: the value is missing (%q)", header[k], s),
					Remedy: "leave the sample out or fill the value in", Err: ErrMissing}
			}
			v, err := number(s)
			if errors.Is(err, strconv.ErrRange) {
				return nil, &DataError{File: name, Line: lines[i].at, Problem: fmt.Sprintf("column %s: %q is too large for a number of double precision", header[k], s), Remedy: "scale the column, or correct the value"}
			}
			ok := err == nil && !math.IsInf(v, 0) && !math.IsNaN(v)
			if k == at {
				d.Labels = append(d.Labels, s)
				d.Y = append(d.Y, v)
				if !ok {
					numeric = false
					odd = i
					odds++
				}
				continue
			}
			if err == nil && !ok {
				return nil, &DataError{File: name, Line: lines[i].at, Problem: fmt.Sprintf("column %s: %q is not finite", header[k], s), Remedy: "leave the sample out or correct the value"}
			}
			if !ok {
				remedy := "code words as numbers, one column of 0 and 1 a word, or name the column of the labels"
				if _, err := number(strings.Replace(s, ",", ".", 1)); err == nil {
					remedy = "write numbers with a point, not a comma"
				}
				return nil, &DataError{File: name, Line: lines[i].at, Problem: fmt.Sprintf("column %s: %q is not a finite number", header[k], s), Remedy: remedy}
			}
			row = append(row, v)
		}
		d.X = append(d.X, row)
	}
	if odds == 1 {
		rest := slices.Delete(slices.Clone(d.Y), odd-first, odd-first+1)
		if slices.ContainsFunc(rest, func(y float64) bool { return y != rest[0] }) {
			return nil, &DataError{File: name, Line: lines[odd].at, Problem: fmt.Sprintf("the label %q is no finite number, as all others are", table[odd][at]),
				Remedy: "correct it or leave the sample out; of a line with names of columns let two be no numbers"}
		}
	}
	if !numeric {
		d.Y = nil
	}
	return d, nil
}

// separator is what stands between values: semicolons or tabs where the first line has some outside of quotes, as then commas stand within numbers or names;
// else a comma.
func separator(first string) rune {
	quoted, tab := false, false
	for _, r := range first {
		switch {
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == ';':
			return ';'
		case r == '\t':
			tab = true
		}
	}
	if tab {
		return '\t'
	}
	return ','
}

// csvHeader finds the names of the columns and the first sample. A first line with the number of samples, the number of features and names of
// classes, of which only the first two fit the rest, is skipped.
func csvHeader(table [][]string) (header []string, first int) {
	if len(table) > 1 && len(table[0]) != len(table[1]) && len(table[0]) >= 2 {
		rows, err := strconv.Atoi(table[0][0])
		n, errN := strconv.Atoi(table[0][1])
		if err == nil && errN == nil && rows == len(table)-1 && n == len(table[1])-1 {
			return nil, 1
		}
	}
	words := 0
	for _, s := range table[0] {
		if _, err := number(s); err != nil && !missing(s) {
			words++
		}
	}
	// One word may be the label of a sample.
	if words > 1 || words == len(table[0]) {
		return table[0], 1
	}
	return nil, 0
}

func missing(s string) bool {
	switch strings.ToLower(s) {
	case "", "?", "na", "n/a", "nan", "null", "none":
		return true
	}
	return false
}

// number is strconv.ParseFloat for decimal numbers alone: underscores between digits and hexadecimal digits are of programs, and a word in data.
func number(s string) (float64, error) {
	if strings.ContainsAny(s, "_xX") {
		return 0, strconv.ErrSyntax
	}
	return strconv.ParseFloat(s, 64)
}
