package bilevel_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/backends"
)

// TestDocumentedCommands runs the commands of the documentation whose output it shows, and checks the names and flags of the others.
func TestDocumentedCommands(t *testing.T) {
	needsHighs(t)
	if testing.Short() {
		t.Skip("builds the command")
	}
	bin := t.TempDir()
	build := exec.Command("go", "build", "-buildvcs=false", "-o", bin, "./cmd/bilevelc")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	c := &commandChecker{bilevelc: filepath.Join(bin, "bilevelc"), help: map[string]string{}}
	makefile, err := os.ReadFile("Makefile")
	if err != nil {
		t.Fatal(err)
	}
	c.makefile = string(makefile)
	docs := documents(t)
	for _, d := range docs {
		for _, b := range d.blocks {
			if b.words[0] != "sh" && b.words[0] != "indented" {
				continue
			}
			if b.output == nil {
				c.check(t, b)
				if d.name != "docs/command.md" { // its examples are of files that a reader has
					c.run(t, b)
				}
				continue
			}
			out, err := c.shell(t, b.text, d.folder(t))
			if err != nil && !b.is("fails") {
				t.Errorf("%s: %v\n%s", b.where(), err, out)
				continue
			}
			b.output.expect(t, progressLine.ReplaceAllString(string(out), ""))
		}
		d.write(t)
	}
}

// progressLine is a line of progress, which a busy machine adds: "  1.1 s  global  incumbent 1 ...".
var progressLine = regexp.MustCompile(`(?m)^ +(\d+ min )?\d+(\.\d+)? s  .*\n`)

// commandChecker looks at command lines, and runs those that can be run.
type commandChecker struct {
	bilevelc, makefile string
	help               map[string]string // of each subcommand
}

// shell runs commands in a folder. The command is found as bilevelc and as ./bin/bilevelc, and the examples are where they are in the project.
func (c *commandChecker) shell(t *testing.T, text, dir string) ([]byte, error) {
	t.Helper()
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	bin := filepath.Dir(c.bilevelc)
	for name, target := range map[string]string{"bin": bin, "examples": filepath.Join(root, "examples")} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil && !os.IsExist(err) {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-c", text)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"), "NO_COLOR=1")
	return cmd.CombinedOutput()
}

// run runs the lines of a block whose output is not shown, one after the other in one folder. Lines stay unrun in blocks that are marked as long, where a
// command is not the project's or harmless, and where a file is neither in the document, in the examples nor written by a line before.
func (c *commandChecker) run(t *testing.T, b *docBlock) {
	if b.is("long") {
		return
	}
	dir := b.doc.folder(t)
	for _, line := range strings.Split(strings.ReplaceAll(b.text, "\\\n", " "), "\n") {
		line, _, _ = strings.Cut(line, " # ")
		if !c.canRun(line, dir) {
			continue
		}
		if out, err := c.shell(t, line, dir); err != nil {
			t.Errorf("%s: %s: %v\n%s", b.where(), line, err, out)
		}
	}
}

func (c *commandChecker) canRun(line, dir string) bool {
	for _, solver := range []string{"ipopt", "lpsolve"} { // not on every machine
		if _, err := backends.Open(solver); err != nil && strings.Contains(line, solver) {
			return false
		}
	}
	any := false
	for _, command := range strings.Split(line, " | ") {
		w := words.FindAllString(strings.TrimSpace(command), -1)
		if len(w) == 0 {
			continue
		}
		switch filepath.Base(w[0]) {
		case "bilevelc":
			any = true
		case "echo", "head", "tail":
		default:
			return false
		}
		for k, a := range w[1:] {
			written := w[k] == "--out" || w[k] == "--plot" || w[k] == "--report"
			if written || !inputFile.MatchString(a) {
				continue
			}
			if _, err := os.Stat(filepath.Join(dir, a)); err != nil && !(strings.HasPrefix(a, "examples/") && exists(a)) {
				return false
			}
		}
	}
	return any
}

// inputFile is a name of a model, of data, or of a result.
var inputFile = regexp.MustCompile(`^[\w./-]+\.(mod|dat|json|nl|mps|aux|lp)$`)

var (
	assignment  = regexp.MustCompile(`^[A-Z_]+=\S*$`)
	testPattern = regexp.MustCompile(`^(Test|Benchmark)?\w+$`)
	words       = regexp.MustCompile(`'[^']*'|"[^"]*"|\S+`)
	longFlag    = regexp.MustCompile(`^--([a-z-]+)`)
	shortFlag   = regexp.MustCompile(`^-[a-z]$`)
	modelInTree = regexp.MustCompile(`^examples/\S+\.(mod|dat)$`)
)

func (c *commandChecker) check(t *testing.T, b *docBlock) {
	for _, line := range strings.Split(strings.ReplaceAll(b.text, "\\\n", " "), "\n") {
		for _, command := range strings.Split(line, " | ") {
			command, _, _ = strings.Cut(command, " # ")
			w := words.FindAllString(strings.TrimSpace(command), -1)
			for len(w) > 0 && assignment.MatchString(w[0]) {
				w = w[1:]
			}
			if len(w) == 0 || strings.HasPrefix(w[0], "#") {
				continue
			}
			switch filepath.Base(w[0]) {
			case "bilevelc":
				c.checkBilevelc(t, b, w[1:])
			case "make":
				for _, target := range w[1:] {
					if !strings.Contains(target, "=") && !regexp.MustCompile(`(?m)^`+target+`:`).MatchString(c.makefile) {
						t.Errorf("%s: make has no target %s", b.where(), target)
					}
				}
			case "go":
				for _, arg := range w[2:] {
					if path, isPath := strings.CutPrefix(arg, "./"); isPath && !strings.Contains(path, "...") && !exists(path) {
						t.Errorf("%s: there is no %s", b.where(), arg)
					}
				}
				checkTests(t, b, w)
			case "sh":
				if len(w) > 1 && !exists(w[1]) {
					t.Errorf("%s: there is no %s", b.where(), w[1])
				}
			case "echo", "cat", "cd", "git", "mkdir", "apt-get":
			default:
				if !b.isIndented {
					t.Errorf("%s: the command %s is not known to this test", b.where(), w[0])
				}
			}
		}
	}
}

// checkTests looks for the tests and benchmarks that a go test command names, in the folder that it names.
func checkTests(t *testing.T, b *docBlock, w []string) {
	folder, names := ".", []string{}
	for k, a := range w {
		switch {
		case (a == "-run" || a == "-bench") && k+1 < len(w) && w[k+1] != "NONE" && testPattern.MatchString(w[k+1]):
			names = append(names, w[k+1])
		case strings.HasPrefix(a, "./") && !strings.Contains(a, "..."):
			folder = a
		}
	}
	files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	text := ""
	for _, f := range files {
		source, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		text += string(source)
	}
	for _, n := range names {
		if !regexp.MustCompile(`func (Test|Benchmark)?\w*` + n).MatchString(text) {
			t.Errorf("%s: %s has no test %s", b.where(), folder, n)
		}
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// checkBilevelc looks the subcommand and the flags up in the help of the command.
func (c *commandChecker) checkBilevelc(t *testing.T, b *docBlock, args []string) {
	if len(args) == 0 || strings.HasPrefix(args[0], "-") {
		return
	}
	sub := args[0]
	if _, known := c.help[sub]; !known {
		out, err := exec.Command(c.bilevelc, "help", sub).CombinedOutput()
		if err != nil || strings.Contains(string(out), "Unknown help topic") {
			t.Errorf("%s: bilevelc has no command %s", b.where(), sub)
		}
		c.help[sub] = string(out)
	}
	for _, a := range args[1:] {
		switch {
		case longFlag.MatchString(a):
			if name := longFlag.FindString(a); !regexp.MustCompile(`(?m)` + name + `\b[^-]`).MatchString(c.help[sub]) {
				t.Errorf("%s: bilevelc %s has no flag %s", b.where(), sub, name)
			}
		case shortFlag.MatchString(a):
			if !strings.Contains(c.help[sub], a+", --") {
				t.Errorf("%s: bilevelc %s has no flag %s", b.where(), sub, a)
			}
		case modelInTree.MatchString(a) && !exists(a):
			t.Errorf("%s: there is no %s", b.where(), a)
		}
	}
}
