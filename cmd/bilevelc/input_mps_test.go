package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// quota is a linear bilevel model; by hand its optimum is 14 at quota = 4, where the plant builds 4 cars and 2 vans.
const quota = `var quota integer >= 0, <= 10;
lower plant;
var cars >= 0, <= 8;
var vans >= 0, <= 8;
maximize profit: 3*cars + 2*vans;
subject to line: 2*cars + 3*vans <= 14;
subject to rule: cars <= quota;
upper;
maximize welfare: 4*cars + vans - quota;
subject to mixed: vans >= 2;
`

// writeFile writes a file into a folder and returns its name.
func writeFile(t *testing.T, dir, name string, text []byte) string {
	t.Helper()
	file := filepath.Join(dir, name)
	if err := os.WriteFile(file, text, 0o666); err != nil {
		t.Fatal(err)
	}
	return file
}

// exportQuota writes quota.mps and quota.aux into a folder of its own.
func exportQuota(t *testing.T, flags ...string) (dir, mps string) {
	t.Helper()
	dir = t.TempDir()
	mod := writeFile(t, dir, "quota.mod", []byte(quota))
	mps = filepath.Join(dir, "quota.mps")
	if r := command(t, "", append([]string{"export", mod, "--format", "mps+aux", "--out", mps}, flags...)...); r.code != exitDone || r.stdout != "" {
		t.Fatalf("code %d, %s%s", r.code, r.stdout, r.stderr)
	}
	return dir, mps
}

// objective solves and returns the objective that the JSON object has, nil for null.
func objective(t *testing.T, args ...string) *float64 {
	t.Helper()
	r := command(t, "", append([]string{"solve", "--json"}, args...)...)
	var answer struct{ Objective *float64 }
	if err := json.Unmarshal([]byte(r.stdout), &answer); err != nil || r.code != exitDone {
		t.Fatalf("%v: code %d, %v\n%s%s", args, r.code, err, r.stdout, r.stderr)
	}
	return answer.Objective
}

func expectObjective(t *testing.T, want float64, args ...string) {
	t.Helper()
	if got := objective(t, args...); got == nil || *got < want-1e-6 || *got > want+1e-6 {
		t.Errorf("%v: objective %v, want %v", args, got, want)
	}
}

func TestSolveMPSWithAux(t *testing.T) {
	needsSolver(t)
	for _, flags := range [][]string{nil, {"--fixed"}, {"--aux-indices"}} {
		_, mps := exportQuota(t, flags...)
		expectObjective(t, 14, mps)
		r := command(t, "", "solve", mps)
		for _, want := range []string{"quota: optimal", "maximize welfare", "Follower plant", "cars  4"} {
			if !strings.Contains(r.stdout, want) {
				t.Errorf("%v: the summary does not say %q:\n%s", flags, want, r.stdout)
			}
		}
	}
}

// The AUX file is found beside the MPS file, as .aux or .txt, or is named. Which one was read shows by the answer: with another objective the
// follower's makes the problem infeasible. Alone the MPS file is a problem of one player, whose optimum is 14, too: with quota = cars, the
// objective is 3*cars + vans, and 2*cars + 3*vans <= 14 with vans >= 2 allows 4 cars.
func TestWhereAuxFilesAre(t *testing.T) {
	needsSolver(t)
	dir, mps := exportQuota(t)
	aux := filepath.Join(dir, "quota.aux")
	text, err := os.ReadFile(aux)
	if err != nil {
		t.Fatal(err)
	}
	// A follower that loses by what it builds builds nothing, which the leader's constraint on vans does not allow.
	idle := bytes.ReplaceAll(bytes.ReplaceAll(text, []byte("cars 3"), []byte("cars -3")), []byte("vans 2"), []byte("vans -2"))
	other := writeFile(t, dir, "other.aux", idle)
	expectInfeasible := func(args ...string) {
		t.Helper()
		if got := objective(t, args...); got != nil {
			t.Errorf("%v: objective %v, want none", args, *got)
		}
	}
	expectInfeasible(mps, other)
	expectInfeasible(mps, "--aux", other)
	expectObjective(t, 14, mps, "--aux", "none")
	if err := os.Remove(aux); err != nil {
		t.Fatal(err)
	}
	r := command(t, "", "explain", mps)
	if r.code != exitDone || !strings.Contains(r.stdout, "quota: 3 variables, 3 constraints") || strings.Contains(r.stdout, "Follower") {
		t.Errorf("an MPS file alone: code %d\n%s%s", r.code, r.stdout, r.stderr)
	}
	txt := writeFile(t, dir, "quota.txt", idle)
	expectInfeasible(mps)
	writeFile(t, dir, "quota.txt", []byte("Notes on the quota\n"))
	if r := command(t, "", "explain", mps); r.code != exitDone || !strings.Contains(strings.Join(strings.Fields(r.stdout), " "), "quota.txt is no AUX file and was not read") {
		t.Errorf("a text beside the MPS file: code %d\n%s%s", r.code, r.stdout, r.stderr)
	}
	if err := os.Remove(txt); err != nil {
		t.Fatal(err)
	}
	// Compressed, with the AUX file beside it.
	plain, err := os.ReadFile(mps)
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write(plain)
	z.Close()
	writeFile(t, dir, "quota.aux", idle)
	expectInfeasible(writeFile(t, dir, "quota.mps.gz", packed.Bytes()))
}

func TestMPSErrors(t *testing.T) {
	dir, mps := exportQuota(t)
	broken := writeFile(t, dir, "broken.mps", []byte("NAME b\nROWS\n N cost\nCOLUMNS\n x cst 1\nENDATA\n"))
	mod := filepath.Join(dir, "quota.mod")
	for _, c := range []struct{ args, want string }{
		{"solve " + broken, "broken.mps:5: there is no row cst; declare it in ROWS, or correct the name"},
		{"solve " + dir + "/none.mps", "no such file"},
		{"solve " + mps + " --aux " + dir + "/none.aux", "no such file"},
		{"solve " + mps + " a.aux b.aux", "an MPS file takes one AUX file"},
		{"solve " + mps + " a.aux --aux b.aux", "an MPS file takes one AUX file"},
		{"solve " + mps + " --param quota=3", "an MPS file has no parameters"},
		{"sweep " + mps + " --param quota=1:3:1", "an MPS file has no parameters to vary"},
		{"solve " + mod + " --aux quota.aux", "quota.mod is no MPS file"},
		{"export " + mod + " --format mps+aux", "mps+aux is two files"},
		{"export " + mod + " --format mps", "write mps+aux, which holds one linear follower"},
	} {
		r := command(t, "", strings.Fields(c.args)...)
		if r.code != exitInput || !strings.Contains(r.stderr, c.want) {
			t.Errorf("%s: code %d, %q, want %q", c.args, r.code, r.stderr, c.want)
		}
	}
	r := command(t, "", "solve", "--json", broken)
	var answer struct {
		Error struct {
			File, Message string
			Line          int
		}
	}
	if err := json.Unmarshal([]byte(r.stdout), &answer); err != nil {
		t.Fatal(err)
	}
	if e := answer.Error; e.File != broken || e.Line != 5 || e.Message != "there is no row cst; declare it in ROWS, or correct the name" {
		t.Errorf("the error as JSON: %+v", e)
	}
}
