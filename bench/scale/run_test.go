package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/bench/highsread"
)

func TestBadUsage(t *testing.T) {
	tests := []struct {
		name, args, want string
	}{
		{"size", "-n 10", "scale: -n 10: choose 100 to 100000000\n"},
		{"rounds", "-rounds 0", "scale: -rounds 0: choose at least 1\n"},
		{"argument", "more", "scale: there is no task \"more\"; choose plain or kkt\n"},
		{"task", "-task none -n 100", "scale: there is no task \"none\"; choose plain, kkt or read\n"},
		{"task to write", "-task none -file x.mps", "scale: there is no task \"none\"; choose plain, kkt or read\n"},
		{"read what", "-task read", "scale: -task read needs -file\n"},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			var out, errs bytes.Buffer
			if code := run(strings.Fields(c.args), &out, &errs); code != 1 || errs.String() != c.want || out.Len() > 0 {
				t.Errorf("exit code %d, errors %q, output %q; want 1, %q and nothing", code, &errs, &out, c.want)
			}
		})
	}
}

func TestBuild(t *testing.T) {
	tests := []struct {
		task string
		want sample
	}{
		// Arrays: 5 numbers of 8 bytes a column and row, 12 bytes a nonzero, 4 bytes a row and one more.
		{"plain", sample{Cols: 100, Rows: 100, Nonzeros: 500, Arrays: 100*(24+16) + 500*12 + 101*4}},
		{"kkt", sample{Cols: 210, Rows: 200, Nonzeros: 1100, Arrays: 210*24 + 200*16 + 1100*12 + 201*4}},
	}
	for _, c := range tests {
		t.Run(c.task, func(t *testing.T) {
			s, err := build(c.task, 100)
			if err != nil {
				t.Fatal(err)
			}
			if s.Cols != c.want.Cols || s.Rows != c.want.Rows || s.Nonzeros != c.want.Nonzeros || s.Arrays != c.want.Arrays {
				t.Errorf("got %+v, want %+v", s, c.want)
			}
		})
	}
}

// HiGHS reads from the file what was lowered to arrays.
func TestReadBack(t *testing.T) {
	for _, task := range tasks {
		t.Run(task, func(t *testing.T) {
			file := t.TempDir() + "/problem.mps"
			if err := writeMPS(task, 200, file); err != nil {
				t.Fatal(err)
			}
			built, err := build(task, 200)
			if err != nil {
				t.Fatal(err)
			}
			s, err := highsread.File(file)
			if errors.Is(err, highsread.ErrAbsent) {
				t.Skip(err)
			}
			if err != nil {
				t.Fatal(err)
			}
			if s.Cols != built.Cols || s.Rows != built.Rows || s.Nonzeros != built.Nonzeros {
				t.Errorf("read %d columns, %d rows, %d nonzeros; built %d, %d, %d", s.Cols, s.Rows, s.Nonzeros, built.Cols, built.Rows, built.Nonzeros)
			}
		})
	}
}

func TestReadMissingFile(t *testing.T) {
	if s, err := highsread.File(t.TempDir() + "/none.mps"); err == nil {
		t.Errorf("a file that does not exist was read: %+v", s)
	}
}

func TestPrint(t *testing.T) {
	p := report{task: "plain", file: 175e6,
		built: []sample{{Cols: 10, Rows: 20, Nonzeros: 50, Build: 1, Lower: 0.5, CPU: 2, Arrays: 100e6, Peak: 300e6}, {Build: 3, Lower: 0.5, CPU: 4, Arrays: 100e6, Peak: 350e6}},
		read:  []sample{{Read: 5, CPU: 5, Peak: 400e6}, {Read: 7, CPU: 5, Peak: 400e6}}}
	var out strings.Builder
	p.print(&out)
	want := `plain: 10 variables, 20 constraints, 50 nonzeros; arrays 100 MB, MPS file 175 MB; median (smallest to largest) of 2 rounds
  build in Go                            2.00 s  (1.00 to 3.00)
  lower to arrays                        0.50 s  (0.50 to 0.50)
  together                               2.50 s  (1.50 to 3.50)
  HiGHS reads the MPS file               6.00 s  (5.00 to 7.00)
  together / reading                     0.40    (0.30 to 0.50)
  the same in processor time             0.60    (0.40 to 0.80)
  peak memory                          325.00 MB (300.00 to 350.00)
  peak memory / arrays                   3.25    (3.00 to 3.50)
  peak memory of reading / arrays        4.00    (4.00 to 4.00)
`
	if out.String() != want {
		t.Errorf("got\n%swant\n%s", &out, want)
	}
}
