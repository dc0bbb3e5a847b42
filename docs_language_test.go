package bilevel_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// grammarWords are the words of the text language, taken from the source of its reader so that none can be forgotten: what tokens are compared
// with, and the tables of functions, operators and reserved words. The value is where a word was found.
func grammarWords(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("model/modfile/*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("the reader of the language: %d files, %v", len(files), err)
	}
	words := map[string]string{}
	set := token.NewFileSet()
	add := func(e ast.Expr) {
		if l, ok := e.(*ast.BasicLit); ok && l.Kind == token.STRING {
			if s, err := strconv.Unquote(l.Value); err == nil && regexp.MustCompile(`^[a-z][a-z0-9.]*$`).MatchString(s) {
				words[s] = set.Position(l.Pos()).String()
			}
		}
	}
	tables := []string{"functions", "wordOperators", "reserved", "ignored"}
	seen := map[string]bool{}
	for _, name := range files {
		base := filepath.Base(name)
		if strings.HasSuffix(name, "_test.go") || strings.HasPrefix(base, "print") || strings.HasPrefix(base, "equal") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		f, err := parser.ParseFile(set, name, text, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr: // t.is("lower")
				if s, ok := n.Fun.(*ast.SelectorExpr); ok && s.Sel.Name == "is" {
					for _, a := range n.Args {
						add(a)
					}
				}
			case *ast.CaseClause: // case "fix", "unfix":
				for _, e := range n.List {
					add(e)
				}
			case *ast.ValueSpec: // var functions = map[string]builtin{"abs": ...
				if c, ok := initialiser(n); ok && slices.Contains(tables, n.Names[0].Name) {
					seen[n.Names[0].Name] = true
					for _, e := range c.Elts {
						if kv, ok := e.(*ast.KeyValueExpr); ok {
							add(kv.Key)
						}
					}
				}
			}
			return true
		})
	}
	for _, name := range tables {
		if !seen[name] {
			t.Errorf("the reader has no table %s any more: this test has to follow it", name)
		}
	}
	return words
}

func initialiser(v *ast.ValueSpec) (*ast.CompositeLit, bool) {
	if len(v.Names) != 1 || len(v.Values) != 1 {
		return nil, false
	}
	c, ok := v.Values[0].(*ast.CompositeLit)
	return c, ok
}

// TestLanguageIsDocumented looks on the page of the language for each word of the grammar in an example that is read, and outside of the examples.
func TestLanguageIsDocumented(t *testing.T) {
	words := grammarWords(t)
	if len(words) < 90 {
		t.Errorf("the grammar has %d words only: this test does not find them any more", len(words))
	}
	var examples, prose strings.Builder
	for _, d := range documents(t) {
		if d.name != "docs/language.md" {
			continue
		}
		prose.WriteString(outsideFences(strings.Join(d.lines, "\n")))
		for _, b := range d.blocks {
			if b.isModel() && !b.is("error") || b.words[0] == "dat" {
				examples.WriteString(comment.ReplaceAllString(b.text, ""))
			}
		}
	}
	var names []string
	for w := range words {
		names = append(names, w)
	}
	slices.Sort(names)
	for _, w := range names {
		whole := regexp.MustCompile(`(^|[^A-Za-z0-9_])` + regexp.QuoteMeta(w) + `($|[^A-Za-z0-9_])`)
		if !whole.MatchString(examples.String()) {
			t.Errorf("%s: %s has no example in docs/language.md", words[w], w)
		}
		if !whole.MatchString(prose.String()) {
			t.Errorf("%s: %s is not explained in docs/language.md", words[w], w)
		}
	}
}

var comment = regexp.MustCompile(`(?m)#.*$`)
