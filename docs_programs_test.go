package bilevel_test

import (
	"encoding/json"
	"fmt"
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// docImports are the packages that a function body of the documentation may use without saying so.
var docImports = []string{"context", "errors", "fmt", "math", "os", "strings", "time",
	"github.com/gobilevel/bilevel", "github.com/gobilevel/bilevel/backends", "github.com/gobilevel/bilevel/export",
	"github.com/gobilevel/bilevel/model", "github.com/gobilevel/bilevel/model/modfile", "github.com/gobilevel/bilevel/reform",
	"github.com/gobilevel/bilevel/nonlinear/global", "github.com/gobilevel/bilevel/verify"}

// TestDocumentedPrograms builds the programs of the documentation into one and runs each, next to the files that its document names.
func TestDocumentedPrograms(t *testing.T) {
	needsHighs(t)
	if testing.Short() {
		t.Skip("builds a program")
	}
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	docs := documents(t)
	tmp := t.TempDir()
	overlay := map[string]string{} // from a place in the module to the file that stands in for it
	add := func(place, text string) {
		file := filepath.Join(tmp, fmt.Sprintf("source%d.go", len(overlay)))
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		overlay[filepath.Join(root, filepath.FromSlash(place))] = file
	}
	const folder = "docs/run"
	var imports, cases strings.Builder
	var programs []*docBlock
	for _, d := range docs {
		for _, b := range d.blocks {
			if b.words[0] != "go" {
				continue
			}
			b.checkFormat(t)
			name := fmt.Sprintf("p%d", len(programs))
			programs = append(programs, b)
			add(folder+"/"+name+"/program.go", b.program(name))
			fmt.Fprintf(&imports, "\t%q\n", "github.com/gobilevel/bilevel/"+folder+"/"+name)
			fmt.Fprintf(&cases, "\tcase %q:\n\t\t%s.Main()\n", name, name)
		}
	}
	add(folder+"/main.go", "package main\n\nimport (\n\t\"os\"\n"+imports.String()+")\n\nfunc main() {\n\tswitch os.Args[1] {\n"+cases.String()+"\t}\n}\n")
	list, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		t.Fatal(err)
	}
	overlayFile, binary := filepath.Join(tmp, "overlay.json"), filepath.Join(tmp, "programs")
	if err := os.WriteFile(overlayFile, list, 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-overlay", overlayFile, "-o", binary, "./"+folder).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for k, b := range programs {
		cmd := exec.Command(binary, fmt.Sprintf("p%d", k))
		cmd.Dir = b.doc.folder(t)
		var errs strings.Builder
		cmd.Stderr = &errs
		out, err := cmd.Output()
		if err != nil {
			t.Errorf("%s: %v\n%s", b.where(), err, errs.String())
			continue
		}
		switch {
		case b.output != nil:
			b.output.expect(t, string(out))
		case len(out) > 0:
			t.Errorf("%s: prints what is not shown:\n%s", b.where(), out)
		}
	}
	for _, d := range docs {
		d.write(t)
	}
}

// checkFormat holds a program against gofmt.
func (b *docBlock) checkFormat(t *testing.T) {
	want, err := format.Source([]byte(b.text))
	if err != nil {
		t.Errorf("%s: %v", b.where(), err)
	} else if string(want) != b.text {
		t.Errorf("%s: not formatted; gofmt makes\n%s", b.where(), want)
	}
}

var mainFunction = regexp.MustCompile(`(?m)^func main\(\)`)

// program makes a package of a program, or of the body of a function. Errors of the compiler name the line of the document.
func (b *docBlock) program(name string) string {
	line := fmt.Sprintf("//line %s:%d\n", b.doc.name, b.from+1)
	if rest, ok := strings.CutPrefix(b.text, "package main\n"); ok {
		return "package " + name + "\n" + fmt.Sprintf("//line %s:%d\n", b.doc.name, b.from+2) + mainFunction.ReplaceAllString(rest, "func Main()")
	}
	var s strings.Builder
	s.WriteString("package " + name + "\n\nimport (\n\t\"context\"\n\t\"log\"\n")
	for _, path := range docImports {
		if path != "context" && regexp.MustCompile(`\b`+filepath.Base(path)+`\.[A-Z]`).MatchString(b.text) {
			fmt.Fprintf(&s, "\t%q\n", path)
		}
	}
	s.WriteString(")\n\nfunc Main() {\n\tif err := run(context.Background()); err != nil {\n\t\tlog.Fatal(err)\n\t}\n}\n\nfunc run(ctx context.Context) error {\n")
	s.WriteString(line + b.text + "\treturn nil\n}\n")
	return s.String()
}

// folder makes a folder with the files that a document names.
func (d *document) folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, b := range d.blocks {
		if b.file == "" || b.is("error") {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, b.file), []byte(b.text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
