package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/model/nl"
)

// An .nl file has its names beside it, and holds the same model in both of its forms.
func TestExportNL(t *testing.T) {
	dir := t.TempDir()
	args := inModels("export roads.mod --after kkt --format nl")
	for _, c := range []struct {
		name, flag, letter string
	}{{"roads.nl", "", "g3 "}, {"binary.nl", "--binary", "b3 "}} {
		file := filepath.Join(dir, c.name)
		with := append([]string{}, args...)
		if c.flag != "" {
			with = append(with, c.flag)
		}
		if r := command(t, "", append(with, "--out", file)...); r.code != exitDone || r.stdout != "" {
			t.Fatalf("%s: code %d, %s%s", c.name, r.code, r.stdout, r.stderr)
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(text), c.letter) {
			t.Errorf("%s starts with %q", c.name, text[:3])
		}
		if again := command(t, "", with...); again.stdout != string(text) {
			t.Errorf("%s: another text on standard output than in the file", c.name)
		}
		m, err := nl.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := m.VarByName("t"); !ok || m.NumPairs() != 2 {
			t.Errorf("%s: the variable t is there: %v; %d pairs, want 2", c.name, ok, m.NumPairs())
		}
		if _, ok := m.RowByName("trips"); !ok {
			t.Errorf("%s: the constraint trips is not there", c.name)
		}
	}
}
