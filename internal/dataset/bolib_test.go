package dataset

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"testing"
)

// TestBolib: corrected values come before stored ones, and a null is no value.
func TestBolib(t *testing.T) {
	root := t.TempDir()
	t.Setenv("BILEVEL_DATA", root)
	if _, err := Bolib(); !errors.Is(err, ErrNoBolib) {
		t.Errorf("without a folder: %v", err)
	}
	if err := os.Mkdir(filepath.Join(root, "bolib"), 0o755); err != nil {
		t.Fatal(err)
	}
	index := `[{"name": "a", "class": "linear", "n1": 1, "n2": 2, "F_best": 5, "f_best": 6, "lower_convex": true},
		{"name": "b", "F_best": 5, "F_check": -1, "note": "beaten", "lower_convex": null}, {"name": "c", "F_best": 5, "F_check": null}]`
	if err := os.WriteFile(filepath.Join(root, "bolib", "index.json"), []byte(index), 0o644); err != nil {
		t.Fatal(err)
	}
	list, err := Bolib()
	if err != nil || len(list) != 3 {
		t.Fatalf("%v, %v", list, err)
	}
	if a := list[0]; a != (BolibProblem{"a", "linear", "", 1, 2, true, 5, filepath.Join(root, "bolib", "a.mod")}) {
		t.Errorf("%+v", a)
	}
	if b := list[1]; b.Known != -1 || b.Note != "beaten" || b.Convex {
		t.Errorf("%+v", b)
	}
	if c := list[2]; !math.IsNaN(c.Known) {
		t.Errorf("%+v", c)
	}
}

func TestChosen(t *testing.T) {
	for _, c := range []struct {
		patterns, name string
		want           bool
	}{{"", "x", true}, {"ex*,bard1", "ex9", true}, {"ex* bard1", "bard1", true}, {"ex?", "ex12", false}} {
		if got, err := Chosen(c.patterns, c.name); err != nil || got != c.want {
			t.Errorf("%q, %q: %v, %v", c.patterns, c.name, got, err)
		}
	}
	if _, err := Chosen("[", "x"); err == nil {
		t.Error("a pattern that is none is taken")
	}
}
