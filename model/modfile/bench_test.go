package modfile

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// writeLarge writes a sparse linear program that both this language and GMPL read: n variables, n constraints, perRow nonzeros each.
func writeLarge(t testing.TB, dir string, n, perRow int) (mod, dat string) {
	t.Helper()
	mod, dat = filepath.Join(dir, "large.mod"), filepath.Join(dir, "large.dat")
	text := `param n;
set ROW := 1..n;
set COL := 1..n;
set S {ROW} within COL;
param a {i in ROW, j in S[i]};
param b {ROW};
param c {COL};
param u {COL};
var x {j in COL} >= 0, <= u[j];
minimize cost: sum {j in COL} c[j]*x[j];
s.t. row {i in ROW}: sum {j in S[i]} a[i,j]*x[j] >= b[i];
end;
`
	if err := os.WriteFile(mod, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.Create(dat)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(file)
	rng := rand.New(rand.NewPCG(1, 2))
	fmt.Fprintf(w, "data;\nparam n := %d;\n", n)
	cols := make([][]int, n)
	for i := range cols {
		seen := map[int]bool{}
		for len(cols[i]) < min(perRow, n) {
			if j := 1 + rng.IntN(n); !seen[j] {
				seen[j] = true
				cols[i] = append(cols[i], j)
			}
		}
		fmt.Fprintf(w, "set S[%d] :=", i+1)
		for _, j := range cols[i] {
			fmt.Fprintf(w, " %d", j)
		}
		fmt.Fprint(w, ";\n")
	}
	fmt.Fprint(w, "param a :=\n")
	for i := range cols {
		for _, j := range cols[i] {
			fmt.Fprintf(w, " %d %d %.4f\n", i+1, j, 0.5+10*rng.Float64())
		}
	}
	fmt.Fprint(w, ";\nparam : b :=\n")
	for i := range cols {
		fmt.Fprintf(w, " %d %.3f\n", i+1, rng.Float64())
	}
	fmt.Fprint(w, ";\nparam : c u :=\n")
	for j := range cols {
		fmt.Fprintf(w, " %d %.3f %d\n", j+1, 1+rng.Float64(), 5+j%7)
	}
	fmt.Fprint(w, ";\nend;\n")
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	return mod, dat
}

// BenchmarkReadLarge reads a model of 10^5 variables and 10^6 nonzeros from a model and a data file.
func BenchmarkReadLarge(b *testing.B) {
	mod, dat := writeLarge(b, b.TempDir(), 100_000, 10)
	b.ResetTimer()
	for range b.N {
		m, err := ReadFiles(mod, dat)
		if err != nil {
			b.Fatal(err)
		}
		if m.NumVars() != 100_000 || m.NumNonzeros() != 1_000_000 {
			b.Fatalf("%d variables and %d nonzeros", m.NumVars(), m.NumNonzeros())
		}
	}
}

// writeDense writes a linear program of cols variables and rows dense constraints.
func writeDense(t testing.TB, dir string, rows, cols int) (mod, dat string) {
	t.Helper()
	mod, dat = filepath.Join(dir, "dense.mod"), filepath.Join(dir, "dense.dat")
	text := `set ROW;
set COL;
param a {ROW, COL};
param b {ROW};
param c {COL};
var x {COL} >= 0;
minimize cost: sum {j in COL} c[j]*x[j];
s.t. row {i in ROW}: sum {j in COL} a[i,j]*x[j] >= b[i];
end;
`
	if err := os.WriteFile(mod, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.Create(dat)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(file)
	rng := rand.New(rand.NewPCG(3, 4))
	fmt.Fprint(w, "data;\nparam : COL : c :=\n")
	for j := range cols {
		fmt.Fprintf(w, " c%d %.3f\n", j+1, 1+rng.Float64())
	}
	fmt.Fprint(w, ";\nparam : ROW : b :=\n")
	for i := range rows {
		fmt.Fprintf(w, " r%d %d\n", i+1, i)
	}
	fmt.Fprint(w, ";\nparam a :=\n")
	for i := range rows {
		for j := range cols {
			fmt.Fprintf(w, " r%d c%d %.4f\n", i+1, j+1, 0.5+10*rng.Float64())
		}
	}
	fmt.Fprint(w, ";\nend;\n")
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	return mod, dat
}

// BenchmarkAgainstGlpsol reads the same models of 10^5 variables and 10^6 nonzeros in turns here and by glpsol --check, and reports the
// ratio of the times.
func BenchmarkAgainstGlpsol(b *testing.B) {
	glpsol, err := exec.LookPath("glpsol")
	if err != nil {
		b.Skip("glpsol (package glpk-utils) is not installed")
	}
	for _, shape := range []struct {
		name  string
		write func(dir string) (mod, dat string)
	}{
		{"sparse", func(dir string) (string, string) { return writeLarge(b, dir, 100_000, 10) }},
		{"dense", func(dir string) (string, string) { return writeDense(b, dir, 10, 100_000) }},
	} {
		b.Run(shape.name, func(b *testing.B) {
			mod, dat := shape.write(b.TempDir())
			var own, other time.Duration
			b.ResetTimer()
			for range b.N {
				start := time.Now()
				if _, err := ReadFiles(mod, dat); err != nil {
					b.Fatal(err)
				}
				own += time.Since(start)
				start = time.Now()
				if out, err := exec.Command(glpsol, "--check", "-m", mod, "-d", dat).CombinedOutput(); err != nil {
					b.Fatalf("%v\n%s", err, out)
				}
				other += time.Since(start)
			}
			b.ReportMetric(own.Seconds()/float64(b.N), "own-s/op")
			b.ReportMetric(other.Seconds()/float64(b.N), "glpsol-s/op")
			b.ReportMetric(own.Seconds()/other.Seconds(), "ratio")
		})
	}
}

// BenchmarkReadPrinted reads back a large model that was printed, where each constraint is a statement of its own.
func BenchmarkReadPrinted(b *testing.B) {
	mod, dat := writeLarge(b, b.TempDir(), 20_000, 10)
	m, err := ReadFiles(mod, dat)
	if err != nil {
		b.Fatal(err)
	}
	text := []byte(roundTrip(b, m))
	b.SetBytes(int64(len(text)))
	b.ResetTimer()
	for range b.N {
		if _, err := Read("printed.mod", text); err != nil {
			b.Fatal(err)
		}
	}
}
