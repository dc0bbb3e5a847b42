//go:build cgo && !noipopt && (linux || darwin || freebsd)

package ipopt_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/backends/ipopt"
	"github.com/gobilevel/bilevel/model/smooth"
)

// libraryFunctions are the functions that a library must have.
var libraryFunctions = []string{"CreateIpoptProblem", "FreeIpoptProblem", "AddIpoptStrOption", "AddIpoptNumOption", "AddIpoptIntOption",
	"OpenIpoptOutputFile", "SetIntermediateCallback", "IpoptSolve"}

// TestWrongLibraries names files in BILEVEL_IPOPT that are no library, another one, and one with indices of 64 bits, and looks at the error of a
// solve in a process of its own.
func TestWrongLibraries(t *testing.T) {
	if os.Getenv("IPOPT_TEST_SOLVE") != "" {
		_, err := ipopt.NewSolver().Solve(context.Background(), parabola(1), smooth.Start{}, smooth.Options{})
		var e *backends.UnknownError
		fmt.Printf("%v %v %q %v\n", err, errors.As(err, &e), ipopt.New().Version(), backends.Missing())
		return
	}
	compiler, err := exec.LookPath("cc")
	if err != nil {
		t.Skip("there is no C compiler")
	}
	dir := t.TempDir()
	build := func(name, text string) string {
		source, library := filepath.Join(dir, name+".c"), filepath.Join(dir, "lib"+name+".so")
		if err := os.WriteFile(source, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command(compiler, "-shared", "-fPIC", "-o", library, source).CombinedOutput(); err != nil {
			t.Skipf("the C compiler can't make a shared library: %v\n%s", err, out)
		}
		return library
	}
	functions := ""
	for _, f := range libraryFunctions {
		functions += "int " + f + "(void) { return 0; }\n"
	}
	text := filepath.Join(dir, "text.so")
	if err := os.WriteFile(text, []byte("not a library"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ file, want string }{
		{filepath.Join(dir, "nothing.so"), "is not there"},
		{text, "can't be opened"},
		{build("other", "int nothing(void) { return 0; }\n"), "another library"},
		{build("part", "int CreateIpoptProblem(void) { return 0; }\n"), "another library"},
		{build("wide", functions+"int _ZN5Ipopt13TripletHelper17PutValuesInVectorElPKdRNS_6VectorE(void) { return 0; }\n"), "64 bits"},
	} {
		command := exec.Command(os.Args[0], "-test.run=^TestWrongLibraries$")
		command.Env = append(os.Environ(), "IPOPT_TEST_SOLVE=1", "BILEVEL_IPOPT="+c.file)
		out, err := command.CombinedOutput()
		line, _, _ := strings.Cut(string(out), "\n")
		if err != nil || !strings.Contains(line, c.want) || !strings.Contains(line, c.file) || !strings.Contains(line, `true ""`) || strings.Count(line, c.want) != 2 {
			t.Errorf("%s: %v, %s; want %q in the error and in the list of what is missing", filepath.Base(c.file), err, line, c.want)
		}
	}
}

// TestNothingIsPrinted solves in a process of its own and looks at what it prints.
func TestNothingIsPrinted(t *testing.T) {
	needLibrary(t)
	if os.Getenv("IPOPT_TEST_QUIET") != "" {
		for _, o := range []smooth.Options{{}, {Log: func(string) {}}, {Native: map[string]string{"print_level": "5"}}} {
			solve(t, parabola(2), o)
		}
		return
	}
	command := exec.Command(os.Args[0], "-test.run=^TestNothingIsPrinted$")
	command.Env = append(os.Environ(), "IPOPT_TEST_QUIET=1")
	out, err := command.CombinedOutput()
	if err != nil || strings.TrimSpace(string(out)) != "PASS" && !strings.HasPrefix(string(out), "PASS\ncoverage") {
		t.Errorf("%v: %s", err, out)
	}
}

func TestVersion(t *testing.T) {
	needLibrary(t)
	var major, minor, release int
	if n, err := fmt.Sscanf(ipopt.New().Version(), "%d.%d.%d", &major, &minor, &release); n != 3 || major != 3 || minor < 11 {
		t.Errorf("version %q: %v", ipopt.New().Version(), err)
	}
	if ipopt.NewSolver().Version() != ipopt.New().Version() || ipopt.NewSolver().Name() != ipopt.New().Name() {
		t.Error("solver and backend have other names or versions")
	}
}
