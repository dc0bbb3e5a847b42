package learning

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

func readLibSVM(lines []line, name string) (*Data, error) {
	// A dense table of a file with a single enormous index would fill the memory.
	const most = 1 << 27
	type entry struct {
		k int
		v float64
	}
	rows := make([][]entry, len(lines))
	d := &Data{Name: name}
	n, widest := 0, 0 // the number of features, and the line that says so
	for i, l := range lines {
		text, _, _ := strings.Cut(l.text, "#")
		fields := strings.Fields(text)
		if len(fields) == 0 {
			return nil, &DataError{File: name, Line: l.at, Problem: "there is no label", Remedy: "write label index:value ..."}
		}
		if missing(fields[0]) {
			return nil, &DataError{File: name, Line: l.at, Problem: fmt.Sprintf("the label is missing (%q)", fields[0]), Remedy: "leave the sample out", Err: ErrMissing}
		}
		y, err := number(fields[0])
		if err != nil || math.IsInf(y, 0) {
			return nil, &DataError{File: name, Line: l.at, Problem: fmt.Sprintf("the label %q is not a finite number", fields[0]), Remedy: "write label index:value ..."}
		}
		d.Y, d.Labels = append(d.Y, y), append(d.Labels, fields[0])
		last := 0
		for _, f := range fields[1:] {
			index, value, ok := strings.Cut(f, ":")
			k, err := strconv.Atoi(index)
			if !ok || err != nil || k < 1 {
				return nil, &DataError{File: name, Line: l.at, Problem: fmt.Sprintf("%q is not index:value with an index from 1", f), Remedy: "write label index:value ..."}
			}
			if k <= last {
				return nil, &DataError{File: name, Line: l.at, Problem: fmt.Sprintf("index %d after index %d", k, last), Remedy: "write the indices in ascending order"}
			}
			if missing(value) {
				return nil, &DataError{File: name, Line: l.at, Problem: fmt.Sprintf("feature %d: the value is missing (%q)", k, value),
					Remedy: "leave the sample out or fill the value in", Err: ErrMissing}
			}
			v, err := number(value)
			if err != nil || math.IsInf(v, 0) {
				return nil, &DataError{File: name, Line: l.at, Problem: fmt.Sprintf("feature %d: %q is not a finite number", k, value), Remedy: "write a number"}
			}
			rows[i] = append(rows[i], entry{k - 1, v})
			last = k
		}
		if last > n {
			n, widest = last, l.at
		}
	}
	if n == 0 {
		return nil, &DataError{File: name, Problem: "no sample has a feature", Remedy: "write label index:value ..."}
	}
	if n > most/len(lines) {
		return nil, &DataError{File: name, Line: widest, Problem: fmt.Sprintf("the index %d makes a table of %d samples times %d features", n, len(lines), n),
			Remedy: fmt.Sprintf("number features from 1 on without gaps; there is room for %d values in all", most)}
	}
	for k := range n {
		d.Features = append(d.Features, "x"+strconv.Itoa(k+1))
	}
	for _, r := range rows {
		x := make([]float64, n)
		for _, e := range r {
			x[e.k] = e.v
		}
		d.X = append(d.X, x)
	}
	return d, nil
}
