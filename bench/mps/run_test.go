package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/model/mpsaux"
)

func TestBadUsage(t *testing.T) {
	for _, c := range []struct{ name, args, want string }{
		{"rounds", "-rounds 0", "mps: -rounds 0: choose at least 1\n"},
		{"size", "-size 0", "mps: -size 0: choose 1 to 10000\n"},
		{"shape", "-size 1 round", "mps: there is no shape \"round\"; choose scattered, digits or banded\n"},
		{"task", "-task sing", "mps: there is no task \"sing\"; choose read, write or highs\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out, errs bytes.Buffer
			if code := run(strings.Fields(c.args), &out, &errs); code != 1 || errs.String() != c.want || out.Len() > 0 {
				t.Errorf("exit code %d, errors %q, output %q; want 1, %q and nothing", code, &errs, &out, c.want)
			}
		})
	}
}

// TestShapes: files have about the size asked for, and are read.
func TestShapes(t *testing.T) {
	for _, s := range shapes {
		const size = 300_000
		file := filepath.Join(t.TempDir(), "shape.mps")
		if err := write(s.name, size, file); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		if info.Size() < size*7/10 || info.Size() > size*13/10 {
			t.Errorf("%s: %d bytes, want about %d", s.name, info.Size(), size)
		}
		m, err := mpsaux.ReadFiles(file, "none", mpsaux.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if n := size / s.bytes; m.NumVars() != n || m.NumRows() != n || m.NumNonzeros() != 5*n {
			t.Errorf("%s: %d variables, %d constraints, %d nonzeros; want %d, %d and %d", s.name, m.NumVars(), m.NumRows(), m.NumNonzeros(), n, n, 5*n)
		}
	}
}

func TestMedian(t *testing.T) {
	if a, b := median([]float64{3, 1, 2}), median([]float64{4, 1}); a != 2 || b != 2.5 {
		t.Errorf("medians %v and %v, want 2 and 2.5", a, b)
	}
}
