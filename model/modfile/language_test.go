package modfile

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/model"
)

// describeModel writes all that a model holds in a compact form, for tests to compare with what they expect.
func describeModel(m *model.Model) string {
	var b strings.Builder
	who := func(p int) string {
		if m.NumPlayers() == 1 {
			return ""
		}
		return m.Player(p).Name() + ": "
	}
	text := func(f model.Function) string {
		p := &printing{m: m, vars: make([]string, m.NumVars())}
		var out strings.Builder
		p.w = newWrapper(&out)
		for j := range p.vars {
			p.vars[j] = m.VarName(j)
		}
		p.function(f, true)
		p.w.w.Flush()
		return out.String()
	}
	for k := 1; k < m.NumPlayers(); k++ {
		if m.Player(k).IsNash() {
			fmt.Fprintf(&b, "%s plays a Nash game\n", m.Player(k).Name())
		}
	}
	for j := 0; j < m.NumVars(); j++ {
		lo, hi := m.VarBounds(j)
		fmt.Fprintf(&b, "%s%s %s %s", who(m.VarOwner(j)), m.VarKind(j), m.VarName(j), interval(lo, hi))
		if s := m.VarStart(j); !math.IsNaN(s) {
			fmt.Fprintf(&b, " := %v", s)
		}
		b.WriteByte('\n')
	}
	for k := 0; k < m.NumPlayers(); k++ {
		if o := m.Player(k).Objective(); o.Set {
			fmt.Fprintf(&b, "%s%s %s: %s\n", who(k), o.Sense, o.Name, text(o.F))
		}
	}
	for r := 0; r < m.NumRows(); r++ {
		lo, hi := m.RowBounds(r)
		star := ""
		if m.IsPairRow(r) {
			star = "*"
		}
		fmt.Fprintf(&b, "%s%s%s: %s in %s", who(m.RowOwner(r)), star, m.RowName(r), text(m.RowFunction(r)), interval(lo, hi))
		if s := m.RowSteer(r); s != (model.Steer{}) {
			fmt.Fprintf(&b, " %+v", s)
		}
		b.WriteByte('\n')
	}
	for k := 0; k < m.NumPairs(); k++ {
		p := m.Pair(k)
		fmt.Fprintf(&b, "%s: %s complements %s", m.PairName(k), describe(m, p.A), describe(m, p.B))
		if s := m.PairSteer(k); s != (model.Steer{}) {
			fmt.Fprintf(&b, " %+v", s)
		}
		b.WriteByte('\n')
	}
	for _, s := range m.SOS1Sets() {
		fmt.Fprintf(&b, "sos1 %s:", s.Name)
		for i, j := range s.Vars {
			fmt.Fprintf(&b, " %s:%v", m.VarName(int(j)), s.Weights[i])
		}
		b.WriteByte('\n')
	}
	for _, i := range m.Indicators() {
		fmt.Fprintf(&b, "%s if %s = %v\n", m.RowName(i.Row), m.VarName(i.Binary), i.When)
	}
	for _, n := range m.Notes {
		fmt.Fprintf(&b, "note: %s\n", n)
	}
	return b.String()
}

// TestLanguage reads each model of testdata/language, compares what it holds with the golden file beside it, and prints it and reads
// that back.
func TestLanguage(t *testing.T) {
	files, err := filepath.Glob("testdata/language/*.mod")
	if err != nil || len(files) == 0 {
		t.Fatal("no models", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".mod")
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			m := read(t, string(text))
			got := describeModel(m)
			printed := roundTrip(t, m)
			got += "--- printed\n" + printed
			golden := strings.TrimSuffix(file, ".mod") + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}
