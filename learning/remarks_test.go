package learning

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

// Semicolons and tabs stand for commas where a first line has none of these.
func TestSeparators(t *testing.T) {
	want, err := Read(strings.NewReader("a,b c,y\n1,2,p\n3,-4,n\n"), "f", ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"a;b c;y\n1;2;p\n3;-4;n\n", "a\tb c\ty\n1\t2\tp\n3\t-4\tn\n", "a\tb c\ty\n1\t 2\t\"p\"\n3\t-4\tn\n"} {
		d, err := Read(strings.NewReader(text), "f", ReadOptions{})
		if err != nil || !slices.Equal(d.Features, want.Features) || fmt.Sprint(d.X, d.Labels) != fmt.Sprint(want.X, want.Labels) {
			t.Errorf("%q: %+v, %v", text, d, err)
		}
	}
	for _, c := range []struct{ text, label, want string }{
		{"a;b;y\n1;2,5;p\n", "", `f:2: column b: "2,5" is not a finite number`},
		{"a\tb\ty\n1\t\tp\n", "", `f:2: column b: the value is missing ("")`},
		{"a,b,y\n1,1e999,2\n", "", `"1e999"`},
		{"a,b,y\n1,inf,2\n", "", `"inf" is not finite; leave the sample out or correct`},
		{"a,a,y\n1,2,p\n", "a", `columns 1 and 2 are named "a"; give the number`},
		{"a,\x00,y\n", "", "f:1: there is a zero byte: this is no text file"},
	} {
		if _, err := Read(strings.NewReader(c.text), "f", ReadOptions{Label: c.label}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %q", c.text, err, c.want)
		}
	}
}

// Values near the ends of the range of numbers are scaled without overflow, to deviation 1 or to [-1, 1].
func TestScalingOfHugeValues(t *testing.T) {
	for _, size := range []float64{1e-300, 1, 1e150, 1.7e308} {
		d := &Data{Features: []string{"a"}}
		for _, v := range []float64{-1, 0.5, 1, -0.25, 0.75} {
			d.X = append(d.X, []float64{v * size})
		}
		for _, kind := range []Scaling{Range, Standard} {
			mean, square, most := 0.0, 0.0, 0.0
			for _, x := range NewScaler(d, kind).Apply(d).X {
				mean, square, most = mean+x[0]/5, square+x[0]*x[0]/5, math.Max(most, math.Abs(x[0]))
			}
			if kind == Range && math.Abs(most-1) > 1e-12 || kind == Standard && math.Abs(square-mean*mean-1) > 1e-12 {
				t.Errorf("size %v, %v: mean %v, mean square %v, most %v", size, kind, mean, square, most)
			}
		}
	}
}

// What cannot be learnt from is refused, what tells nothing is told.
func TestTuneOnStrangeData(t *testing.T) {
	plain := func() *Data { return sample(5, 40, 3, false) }
	change := func(f func(*Data)) *Data { d := plain(); f(d); return d }
	for _, c := range []struct {
		name string
		data *Data
		task Task
		opt  Options
		want string // of the error, or of a note where it begins with "note: "
	}{
		{"labels all the same", change(func(d *Data) {
			for i := range d.Y {
				d.Y[i] = 3
			}
		}), Ridge, Options{}, "drawn: all labels are 3; give samples whose labels differ"},
		{"huge labels", change(func(d *Data) { d.Y[3] = 1e200 }), SVR, Options{}, "a label is 1e+200, too large to compute with"},
		{"huge feature without scaling", change(func(d *Data) { d.X[3][1] = 1e200 }), Ridge, Options{Scaling: Unscaled}, "feature x2: a value is 1e+200 after scaling"},
		{"default range", change(func(d *Data) {
			for i := range d.Y {
				d.Y[i] *= 1e14
			}
		}), Lasso, Options{}, "l1 would go from"},
		{"folds after the split", plain(), Ridge, Options{Folds: 20, TestShare: 0.6}, "20 folds of 16 samples; give at least 2 folds, and no more than there are samples (24 of 40 samples are kept for the test)"},
		{"a constant feature", change(func(d *Data) {
			for i := range d.X {
				d.X[i][1] = 7
			}
		}), Lasso, Options{}, "note: features that are the same in all samples but those for the test, and tell nothing: x2"},
		{"failing trainings", change(func(d *Data) { d.X[0][2] = 1e12 }), SVR, Options{Scaling: Unscaled, Range: Ranges{C: [2]float64{1e-9, 1e9}}}, "note: bilevel passed over "},
	} {
		r, err := Tune(context.Background(), c.data, c.task, c.opt)
		if note, ok := strings.CutPrefix(c.want, "note: "); ok {
			if err != nil || len(r.Notes) != 1 || !strings.Contains(r.Notes[0], note) {
				t.Errorf("%s: %v, %+v", c.name, err, r)
			}
			continue
		}
		var data *DataError
		var option *OptionError
		if err == nil || !strings.Contains(err.Error(), c.want) || !errors.As(err, &data) && !errors.As(err, &option) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	// A range that the task does not have does not matter.
	if _, err := Tune(context.Background(), change(func(d *Data) {
		for i := range d.Y {
			d.Y[i] *= 1e14
		}
	}), Ridge, Options{}); err != nil {
		t.Errorf("ridge with large labels: %v", err)
	}
}

// A fold that trains on one class has no logistic regression: its intercept grows without end, and what is validated would be where rounding stopped it. A support
// vector machine has an answer.
func TestFoldsOfOneClass(t *testing.T) {
	d := sample(6, 12, 2, true)
	for i := range d.Y {
		d.Y[i] = 1
	}
	d.Y[4] = -1
	_, err := Tune(context.Background(), d, Logistic, Options{Folds: d.Len(), Loss: LogLoss})
	var data *DataError
	if !errors.As(err, &data) || !errors.Is(err, ErrLabels) || !strings.Contains(err.Error(), "fold ") || !strings.Contains(data.Problem, "all 11 samples of a training have the label 1") {
		t.Errorf("logistic: %v", err)
	}
	r, err := Tune(context.Background(), d, SVC, Options{Folds: d.Len()})
	if err != nil || math.Abs(r.Runs[0].CV-1.0/12) > 1e-12 {
		t.Errorf("svc: %+v, %v", r, err)
	}
}
