package learning

import (
	"fmt"
	"math"
	"strings"
)

// largest is the size of numbers whose squares, and the squares of sums of these, are still numbers.
const largest = 1e60

// varied refuses labels that are all the same: there is nothing to learn.
func varied(d *Data) error {
	for _, y := range d.Y {
		if y != d.Y[0] {
			return nil
		}
	}
	return &DataError{File: d.Name, Problem: fmt.Sprintf("all labels are %v", d.Y[0]), Remedy: "give samples whose labels differ, or name the column of the labels", Err: ErrLabels}
}

// remarks looks at the scaled samples: numbers too large to compute with are a *DataError; features that tell nothing, and parts with one class, are
// told.
func remarks(train, test *Data) ([]string, error) {
	for _, d := range []*Data{train, test} {
		for i, x := range d.X {
			for k, v := range x {
				if !(math.Abs(v) <= largest) {
					return nil, &DataError{File: d.Name, Problem: fmt.Sprintf("feature %s: a value is %.3g after scaling, too large to compute with", d.Features[k], v), Remedy: "scale the features, or correct the value"}
				}
			}
			if !(math.Abs(d.Y[i]) <= largest) {
				return nil, &DataError{File: d.Name, Problem: fmt.Sprintf("a label is %.3g, too large to compute with", d.Y[i]), Remedy: "divide the labels by a number"}
			}
		}
	}
	var notes, idle []string
	for k, name := range train.Features {
		same := true
		for _, x := range train.X {
			same = same && x[k] == train.X[0][k]
		}
		if same {
			idle = append(idle, name)
		}
	}
	if n := len(idle); n > 0 {
		text := strings.Join(idle[:min(n, 5)], ", ")
		if n > 5 {
			text += fmt.Sprintf(" and %d more", n-5)
		}
		notes = append(notes, "features that are the same in all samples but those for the test, and tell nothing: "+text)
	}
	if varied(train) != nil {
		notes = append(notes, fmt.Sprintf("all samples but those for the test have the label %v; take another seed or a smaller test share", train.Y[0]))
	}
	return notes, nil
}
