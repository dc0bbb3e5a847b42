package learning

import (
	"fmt"
	"math"
	"slices"
	"strconv"
)

// Data is a data set: l samples of n features, each with a label.
type Data struct {
	Name     string
	Features []string    // n names
	X        [][]float64 // l rows of n numbers
	Y        []float64   // l labels; empty where the labels are words
	Labels   []string    // l labels as they stand in the file
	Classes  [2]string   // the labels of -1 and +1, once Binary has assigned them
	Groups   [][]int     // GroupLasso: features that enter together, a partition of 0 to n-1, see GroupsOf; nil: each feature by itself
}

// Len is the number of samples l.
func (d *Data) Len() int { return len(d.X) }

// Width is the number of features n.
func (d *Data) Width() int { return len(d.Features) }

// Check says whether the tables fit each other and every number is finite. Errors are of type *DataError.
func (d *Data) Check() error {
	if len(d.X) == 0 {
		return &DataError{File: d.Name, Problem: "there are no samples", Remedy: "give a file with one sample a line"}
	}
	if len(d.Y) != len(d.X) && len(d.Labels) != len(d.X) {
		return &DataError{File: d.Name, Problem: fmt.Sprintf("%d samples have %d labels", len(d.X), max(len(d.Y), len(d.Labels))), Remedy: "give each sample one label"}
	}
	if err := d.checkGroups(); err != nil {
		return err
	}
	for i, row := range d.X {
		if len(row) != len(d.Features) {
			return &DataError{File: d.Name, Problem: fmt.Sprintf("sample %d has %d of %d features", i, len(row), len(d.Features)), Remedy: "give each sample every feature"}
		}
		for k, v := range row {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return &DataError{File: d.Name, Problem: fmt.Sprintf("sample %d, feature %s: %v is no number to learn from", i, d.Features[k], v),
					Remedy: "leave the sample out or fill the value in", Err: ErrMissing}
			}
		}
	}
	for i, v := range d.Y {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return &DataError{File: d.Name, Problem: fmt.Sprintf("the label of sample %d is %v", i, v), Remedy: "leave the sample out", Err: ErrMissing}
		}
	}
	return nil
}

// Subset returns the samples of the given indices, in that order; rows are shared.
func (d *Data) Subset(index []int) *Data {
	s := &Data{Name: d.Name, Features: d.Features, Classes: d.Classes, Groups: d.Groups}
	s.X = make([][]float64, 0, len(index))
	if len(d.Y) > 0 {
		s.Y = make([]float64, 0, len(index))
	}
	for _, i := range index {
		s.X = append(s.X, d.X[i])
		if len(d.Y) > 0 {
			s.Y = append(s.Y, d.Y[i])
		}
		if len(d.Labels) > 0 {
			s.Labels = append(s.Labels, d.Labels[i])
		}
	}
	return s
}

// Binary returns the data with labels -1 and +1: of two different labels, the smaller number, or else the word that comes first in the
// alphabet, is -1. More or fewer labels are an error of type *DataError.
func (d *Data) Binary() (*Data, error) {
	if d.Classes != [2]string{} {
		return d, nil
	}
	b := *d
	b.Y = make([]float64, len(d.X))
	var values []string
	if len(d.Y) == len(d.X) {
		nums := slices.Clone(d.Y)
		slices.Sort(nums)
		nums = slices.Compact(nums)
		for _, v := range nums {
			values = append(values, strconv.FormatFloat(v, 'g', -1, 64))
		}
		if len(nums) == 2 {
			for i, v := range d.Y {
				b.Y[i] = -1
				if v == nums[1] {
					b.Y[i] = 1
				}
			}
		}
	} else {
		values = slices.Clone(d.Labels)
		slices.Sort(values)
		values = slices.Compact(values)
		if len(values) == 2 {
			for i, s := range d.Labels {
				b.Y[i] = -1
				if s == values[1] {
					b.Y[i] = 1
				}
			}
		}
	}
	if len(values) != 2 {
		what := fmt.Sprintf("there are %d different labels", len(values))
		if len(values) == 1 {
			what = "all labels are " + values[0]
		}
		if len(values) > 1 {
			what += fmt.Sprintf(", %s ... %s", values[0], values[len(values)-1])
		}
		return nil, &DataError{File: d.Name, Problem: what, Remedy: "a classification needs two; name the column of the labels, or choose a regression task", Err: ErrLabels}
	}
	b.Classes = [2]string{values[0], values[1]}
	return &b, nil
}
