package bilevel_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
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
				continue
			}
			cmd := exec.Command("sh", "-c", b.text)
			cmd.Dir = d.folder(t)
			cmd.Env = append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"), "NO_COLOR=1")
			out, err := cmd.CombinedOutput()
			if err != nil && !b.is("fails") {
				t.Errorf("%s: %v\n%s", b.where(), err, out)
				continue
			}
			b.output.expect(t, string(out))
		}
		d.write(t)
	}
}

// commandChecker looks at command lines without running them.
type commandChecker struct {
	bilevelc, makefile string
	help               map[string]string // of each subcommand
}

var (
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
