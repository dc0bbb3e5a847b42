package learning

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRead(t *testing.T) {
	for _, c := range []struct {
		name, text string
		opt        ReadOptions
		features   []string
		x          [][]float64
		y          []float64
		labels     []string
	}{
		{"names and words", "a,\"b\",class\n1,2,yes\n3,4.5,no\n", ReadOptions{}, []string{"a", "b"}, [][]float64{{1, 2}, {3, 4.5}}, nil, []string{"yes", "no"}},
		{"no names, remarks", "# two samples\n1,2,0\n\n3,4,1\n", ReadOptions{}, []string{"x1", "x2"}, [][]float64{{1, 2}, {3, 4}}, []float64{0, 1}, []string{"0", "1"}},
		{"label by name", "y,a\n7,1\n8,2\n", ReadOptions{Label: "y"}, []string{"a"}, [][]float64{{1}, {2}}, []float64{7, 8}, []string{"7", "8"}},
		{"label by number", "7,1\n8,2\n", ReadOptions{Label: "1"}, []string{"x2"}, [][]float64{{1}, {2}}, []float64{7, 8}, []string{"7", "8"}},
		{"sizes first", "2,2,bad,good\n1,2,0\n3,4,1\n", ReadOptions{}, []string{"x1", "x2"}, [][]float64{{1, 2}, {3, 4}}, []float64{0, 1}, []string{"0", "1"}},
		{"semicolons and a decimal comma in a name", "\"a, m\";b;y\n1;2;0\n3;4;1\n", ReadOptions{}, []string{"a, m", "b"}, [][]float64{{1, 2}, {3, 4}}, []float64{0, 1}, []string{"0", "1"}},
		{"a semicolon in quotes", "\"a;b\",y\n1,0\n3,1\n", ReadOptions{}, []string{"a;b"}, [][]float64{{1}, {3}}, []float64{0, 1}, []string{"0", "1"}},
		{"carriage returns", "a,y\r1,0\r3,1\r", ReadOptions{}, []string{"a"}, [][]float64{{1}, {3}}, []float64{0, 1}, []string{"0", "1"}},
		{"both ends of lines", "a,y\r\n1,0\r\n\r\n3,1", ReadOptions{}, []string{"a"}, [][]float64{{1}, {3}}, []float64{0, 1}, []string{"0", "1"}},
		{"libsvm, zeros first", "1\n-1 # a, b\n1\t2:3\n", ReadOptions{}, []string{"x1", "x2"}, [][]float64{{0, 0}, {0, 0}, {0, 3}}, []float64{1, -1, 1}, []string{"1", "-1", "1"}},
		{"libsvm", "+1 1:0.5 3:2\n-1 2:1e-3 # remark\n", ReadOptions{}, []string{"x1", "x2", "x3"}, [][]float64{{0.5, 0, 2}, {0, 1e-3, 0}}, []float64{1, -1}, []string{"+1", "-1"}},
	} {
		d, err := Read(strings.NewReader(c.text), "f", c.opt)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		want := &Data{Name: "f", Features: c.features, X: c.x, Y: c.y, Labels: c.labels}
		if diff := cmp.Diff(want, d); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestReadErrors(t *testing.T) {
	for _, c := range []struct {
		name, text string
		opt        ReadOptions
		want       string
		missing    bool
	}{
		{"decimal comma", "a;b;y\n1,5;2;0\n", ReadOptions{}, `f:2: column a: "1,5" is not a finite number; write numbers with a point, not a comma`, false},
		{"decimal comma, no names", "1,5;2,5;0\n2,5;1;1\n", ReadOptions{}, `f:2: column 1,5: "2,5" is not a finite number; write numbers with a point, not a comma`, false},
		{"too few names", "a,y\n1,2,0\n3,4,1\n", ReadOptions{}, "f:2: 3 values under 2 names of columns; give each column one name, also one of row names, or leave out the line with names", false},
		{"too many names", "a,b,c,y\n1,2,0\n3,4,1\n", ReadOptions{}, "f:2: 3 values under 4 names of columns; give each column one name, also one of row names, or leave out the line with names", false},
		{"too few names, a value missing", "a,y\n1,2,\n", ReadOptions{}, "f:2: 3 values under 2 names of columns; give each column one name, also one of row names, or leave out the line with names", false},
		{"overflow", "a,y\n1,0\n1e400,1\n", ReadOptions{}, `f:3: column a: "1e400" is too large for a number of double precision; scale the column, or correct the value`, false},
		{"names that are numbers but one", "1,2,class\n3,4,0\n5,6,1\n", ReadOptions{}, `f:1: the label "class" is no finite number, as all others are; correct it or leave the sample out; of a line with names of columns let two be no numbers`, false},
		{"infinite label", "a,y\n3,4\n5,inf\n7,8\n", ReadOptions{}, `f:3: the label "inf" is no finite number, as all others are; correct it or leave the sample out; of a line with names of columns let two be no numbers`, false},
		{"missing in csv", "a,b,y\n1,?,0\n", ReadOptions{}, `f:2: column b: the value is missing ("?"); leave the sample out or fill the value in`, true},
		{"empty field", "a,b,y\n1,2,1\n1,,0\n", ReadOptions{}, `f:3: column b: the value is missing (""); leave the sample out or fill the value in`, true},
		{"missing label", "1,2,NA\n", ReadOptions{}, `f:1: column x3: the value is missing ("NA"); leave the sample out or fill the value in`, true},
		{"missing in libsvm", "1 1:2\n1 1:nan\n", ReadOptions{}, `f:2: feature 1: the value is missing ("nan"); leave the sample out or fill the value in`, true},
		{"word", "a,b,y\n1,red,0\n", ReadOptions{}, `f:2: column b: "red" is not a finite number; code words as numbers, one column of 0 and 1 a word, or name the column of the labels`, false},
		{"ragged", "1,2,3\n1,2\n", ReadOptions{}, "f:2: 2 values where the first sample has 3; give each sample the same columns", false},
		{"order", "1 2:1 2:3\n", ReadOptions{}, "f:1: index 2 after index 2; write the indices in ascending order", false},
		{"index", "1 0:1\n", ReadOptions{}, `f:1: "0:1" is not index:value with an index from 1; write label index:value ...`, false},
		{"huge index", "1 99999999999:1\n", ReadOptions{}, "f:1: the index 99999999999 makes a table of 1 samples times 99999999999 features; number features from 1 on without gaps; there is room for 134217728 values in all", false},
		{"one huge index", "1 1:2\n-1 1000000000:1\n1 1:3\n", ReadOptions{}, "f:2: the index 1000000000 makes a table of 3 samples times 1000000000 features; number features from 1 on without gaps; there is room for 134217728 values in all", false},
		{"no feature", "1\n-1\n", ReadOptions{Format: "libsvm"}, "f: no sample has a feature; write label index:value ...", false},
		{"code that a program takes for a number", "a,b,y\n1,1_2,0\n3,1_3,1\n", ReadOptions{}, `f:2: column b: "1_2" is not a finite number; code words as numbers, one column of 0 and 1 a word, or name the column of the labels`, false},
		{"hexadecimal", "1 1:0x1p3\n-1 1:2\n", ReadOptions{}, `f:1: feature 1: "0x1p3" is not a finite number; write a number`, false},
		{"empty", "# nothing\n", ReadOptions{}, "f: there are no samples; give a file with one sample a line", false},
		{"column", "a,y\n1,2\n", ReadOptions{Label: "z"}, `learning: label: there is no column "z"; the columns are a, y`, false},
		{"format", "1,2\n", ReadOptions{Format: "arff"}, `learning: format: there is no format "arff"; the formats are csv and libsvm`, false},
		{"quotes", "1,\"2\n", ReadOptions{}, `f:1: no line of comma-separated values: extraneous or missing " in quoted-field; check the quotes, or give a file in CSV or LIBSVM format`, false},
	} {
		_, err := Read(strings.NewReader(c.text), "f", c.opt)
		if err == nil || err.Error() != c.want {
			t.Errorf("%s:\n got %v\nwant %s", c.name, err, c.want)
		}
		if errors.Is(err, ErrMissing) != c.missing {
			t.Errorf("%s: ErrMissing %v", c.name, !c.missing)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "1 1:2 3:4\n", "2,1,a\n1,0\n2,1\n", "\"", "?,\n", "1:1,2\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := Read(strings.NewReader(text), "f", ReadOptions{})
		if err != nil {
			return
		}
		if err := d.Check(); err != nil {
			t.Errorf("%q is read, but %v", text, err)
		}
	})
}

func TestBinary(t *testing.T) {
	d := &Data{Features: []string{"a"}, X: [][]float64{{1}, {2}, {3}}, Labels: []string{"yes", "no", "yes"}}
	b, err := d.Binary()
	if err != nil || !slices.Equal(b.Y, []float64{1, -1, 1}) || b.Classes != [2]string{"no", "yes"} {
		t.Errorf("%v %+v", err, b)
	}
	d.Labels[1] = "perhaps"
	d.Labels[2] = "no"
	if _, err := d.Binary(); !errors.Is(err, ErrLabels) {
		t.Errorf("three classes: %v", err)
	}
}

func TestScaler(t *testing.T) {
	d := &Data{Features: []string{"a", "b"}, X: [][]float64{{1, 5}, {3, 5}, {5, 5}}, Y: []float64{1, 2, 3}}
	if got := NewScaler(d, Range).Apply(d).X; !cmp.Equal(got, [][]float64{{-1, 0}, {0, 0}, {1, 0}}) {
		t.Errorf("range: %v", got)
	}
	small := &Data{Features: []string{"a"}, X: [][]float64{{0}, {math.SmallestNonzeroFloat64}}, Y: []float64{1, 2}}
	for _, kind := range []Scaling{Range, Standard} {
		if got := NewScaler(small, kind).Apply(small).X; !(math.Abs(got[1][0]-got[0][0]) >= 1 && math.Abs(got[0][0])+math.Abs(got[1][0]) <= 2) {
			t.Errorf("%v: the smallest numbers become %v", kind, got)
		}
	}
	q := math.Sqrt(1.5)
	for i, x := range NewScaler(d, Standard).Apply(d).X {
		if math.Abs(x[0]-float64(i-1)*q) > 1e-15 || x[1] != 0 {
			t.Errorf("standard: sample %d is %v", i, x)
		}
	}
}

func TestFoldsPartition(t *testing.T) {
	for _, l := range []int{7, 30} {
		folds, err := Folds(l, 3, 9)
		if err != nil {
			t.Fatal(err)
		}
		if err := partition(l, folds); err != nil {
			t.Error(err)
		}
		for _, f := range folds {
			if len(f) != l/3 && len(f) != l/3+1 {
				t.Errorf("%d samples: a fold of %d", l, len(f))
			}
		}
	}
	if _, err := Folds(3, 4, 0); !errors.Is(err, ErrOptions) {
		t.Errorf("4 folds of 3 samples: %v", err)
	}
	train, test := Split(10, 0.3, 1)
	all := append(slices.Clone(train), test...)
	slices.Sort(all)
	if len(test) != 3 || !slices.Equal(all, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}) {
		t.Errorf("%v %v", train, test)
	}
}

// The same seed gives the same answers, another one others; no method is worse than its own lattice allows.
func TestTuneIsRepeatable(t *testing.T) {
	for task := SVC; task <= Logistic; task++ {
		d := sample(3, 60, 4, task.Classifies())
		tune := func(seed uint64) *Result {
			r, err := Tune(context.Background(), d, task, Options{Methods: []string{"bilevel", "grid", "random"}, TestShare: 0.4, Seed: seed, Points: 5, Starts: 2, PerFeature: task != Lasso && task != ElasticNet})
			if err != nil {
				t.Fatalf("%v: %v", task, err)
			}
			for k := range r.Runs {
				r.Runs[k].Elapsed, r.Runs[k].History = 0, nil
			}
			return r
		}
		a, b, c := tune(1), tune(1), tune(2)
		if diff := cmp.Diff(a, b); diff != "" {
			t.Errorf("%v: two runs differ: %s", task, diff)
		}
		if cmp.Equal(a.Runs[0].W, c.Runs[0].W) {
			t.Errorf("%v: another seed gives the same model", task)
		}
		if a.Runs[0].CV > a.Runs[1].CV+1e-9 {
			t.Errorf("%v: bilevel %v is above the grid's %v", task, a.Runs[0].CV, a.Runs[1].CV)
		}
		for _, r := range a.Runs {
			if len(r.W) != 4 || math.IsNaN(r.Test) || r.Trainings == 0 {
				t.Errorf("%v %s: %+v", task, r.Method, r)
			}
			if task == SVC && math.Abs(r.Final.C-r.Hyper.C*2/3) > 1e-12*r.Hyper.C {
				t.Errorf("C %v became %v on all samples", r.Hyper.C, r.Final.C)
			}
		}
	}
}

func TestTuneRefuses(t *testing.T) {
	d := sample(3, 20, 2, false)
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	if r, err := Tune(ended, d, Ridge, Options{}); err == nil && !r.Runs[0].Interrupted {
		t.Error("a context that has ended leaves no trace")
	}
	for _, c := range []struct {
		name string
		task Task
		opt  Options
		is   error
	}{
		{"labels of a regression", SVC, Options{}, ErrLabels},
		{"loss", Ridge, Options{Loss: Hinge}, ErrOptions},
		{"boxes of the lasso", Lasso, Options{PerFeature: true}, ErrOptions},
		{"method", Ridge, Options{Methods: []string{"tpe"}}, ErrOptions},
		{"folds", Ridge, Options{Folds: 21}, ErrOptions},
		{"test share", Ridge, Options{TestShare: 1}, ErrOptions},
		{"range", Ridge, Options{Range: Ranges{L2: [2]float64{0, 1}}}, ErrOptions},
		{"task", Task(40), Options{}, ErrOptions},
	} {
		if _, err := Tune(context.Background(), d, c.task, c.opt); !errors.Is(err, c.is) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
