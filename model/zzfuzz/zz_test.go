package zzfuzz

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/export"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/jsonfile"
	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/model/mpsaux"
	"github.com/gobilevel/bilevel/model/nl"
)

var tok = regexp.MustCompile(`[A-Za-z_]\w*|[0-9.]+(e[+-]?[0-9]+)?|"[^"]*"|\s+|[<>=!:.&|*]+|.`)
var extra = []string{"1e12", "-", "(", ")", "{", "}", "[", "]", ";", ":=", "1..1e12", "lower;", "upper;", "data;", "end;", "model;", "in", "sum {i in 1..3}", "if", "then", "else", "Infinity", "0", "1e308", "-1", "\"\"", "''", "set", "param", "var", "default", "complements", "==>", ".dual", "fix", "let", "integer", "symbolic", "union", "cross", "^", "/", "/*", "*/", "#", "\x00", "é", "(tr)", "[*,1]", ".", ",", "by", "card", "nash", "999999999999999999999", "1e-320", "\n"}

func mutate(r *rand.Rand, t, other string) string {
	if r.Intn(20) == 0 {
		return t[:r.Intn(len(t)+1)]
	}
	a := tok.FindAllString(t, -1)
	b := tok.FindAllString(other, -1)
	for range 1 + r.Intn(6) {
		if len(a) == 0 {
			break
		}
		i := r.Intn(len(a))
		switch r.Intn(7) {
		case 0:
			n := 1 + r.Intn(3)
			a = append(a[:i:i], a[min(len(a), i+n):]...)
		case 1:
			a = append(a[:i:i], append([]string{a[i]}, a[i:]...)...)
		case 2:
			j := r.Intn(len(a))
			a[i], a[j] = a[j], a[i]
		case 3:
			a[i] = extra[r.Intn(len(extra))]
		case 4:
			a = append(a[:i:i], append([]string{" ", extra[r.Intn(len(extra))], " "}, a[i:]...)...)
		case 5:
			if len(b) > 0 {
				j := r.Intn(len(b))
				k := min(len(b), j+r.Intn(20))
				a = append(a[:i:i], append(append([]string{}, b[j:k]...), a[i:]...)...)
			}
		case 6:
			if v, err := strconv.ParseFloat(a[i], 64); err == nil {
				a[i] = fmt.Sprint([]float64{v * 1e9, -v, 0, v + 1, 1e308, 1e-308, v * 0.5}[r.Intn(7)])
			}
		}
	}
	return strings.Join(a, "")
}

func TestZZ(t *testing.T) {
	var seeds = map[string][]string{}
	filepath.Walk("../..", func(p string, i os.FileInfo, err error) error {
		if err == nil && !i.IsDir() && i.Size() < 20000 {
			switch e := filepath.Ext(p); e {
			case ".mod", ".dat", ".mps", ".nl", ".aux", ".json":
				b, _ := os.ReadFile(p)
				if e != ".json" || bytes.Contains(b, []byte("bilevel-model")) {
					seeds[e] = append(seeds[e], string(b))
				}
			}
		}
		return nil
	})
	for k, v := range seeds {
		fmt.Println(k, len(v))
	}
	// make nl, json, mps of models
	for _, s := range seeds[".mod"] {
		f, err := modfile.Parse("m.mod", []byte(s))
		if err != nil {
			continue
		}
		m, err := f.Instantiate(modfile.Options{})
		if err != nil || m.NumVars() > 30 {
			continue
		}
		var b bytes.Buffer
		if export.WriteJSON(&b, m) == nil {
			seeds[".json"] = append(seeds[".json"], b.String())
		}
		b.Reset()
		if export.WriteMPS(&b, m) == nil {
			seeds[".mps"] = append(seeds[".mps"], b.String())
		}
		b.Reset()
		if export.WriteNL(&b, m) == nil {
			seeds[".nl"] = append(seeds[".nl"], b.String())
		}
	}
	for k, v := range seeds {
		fmt.Println(k, len(v))
	}
	seed, _ := strconv.ParseInt(os.Getenv("ZSEED"), 10, 64)
	secs, _ := strconv.Atoi(os.Getenv("ZSECS"))
	kinds := strings.Fields(os.Getenv("ZKINDS"))
	r := rand.New(rand.NewSource(seed))
	end := time.Now().Add(time.Duration(secs) * time.Second)
	n, ok := 0, 0
	debug.SetMemoryLimit(6 << 30)
	noplace := map[string]int{}
	for time.Now().Before(end) {
		kind := kinds[r.Intn(len(kinds))]
		ss := seeds[kind]
		if len(ss) == 0 {
			continue
		}
		text := mutate(r, ss[r.Intn(len(ss))], ss[r.Intn(len(ss))])
		n++
		start := time.Now()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		func() {
			defer func() {
				if p := recover(); p != nil {
					t.Errorf("PANIC %s %v\n%s\n-----\n%s", kind, p, debug.Stack(), text)
				}
			}()
			ctx, cancel := context.WithTimeout(context.Background(), 8*time.Second)
			defer cancel()
			var m *model.Model
			var err error
			switch kind {
			case ".mod":
				var f *modfile.File
				if f, err = modfile.Parse("m.mod", []byte(text)); err == nil {
					m, err = f.Instantiate(modfile.Options{Context: ctx, MaxSteps: 2e7})
				}
				var e *modfile.Error
				if err != nil && !errors.As(err, &e) {
					noplace[fmt.Sprintf("%T %.60s", err, err.Error())]++
				}
				if e != nil && (e.Line == 0) {
					noplace["noline "+fmt.Sprintf("%.80s", e.Message)]++
				}
			case ".json":
				m, err = jsonfile.Read(strings.NewReader(text))
			case ".nl":
				m, err = nl.Read(strings.NewReader(text), nl.Names{})
			case ".mps":
				m, err = mpsaux.Read(strings.NewReader(text), mpsaux.Options{})
			}
			if err != nil {
				return
			}
			ok++
			var b bytes.Buffer
			if e := m.Err(); e != nil {
				return
			}
			var before2 bytes.Buffer
			if e := modfile.Print(&before2, m); e == nil {
				f, e := modfile.Parse("m.mod", before2.Bytes())
				if e != nil {
					t.Errorf("REPARSE %s %v\n-----\n%s\n----\n%s", kind, e, text, before2.String())
					return
				}
				m2, e := f.Instantiate(modfile.Options{})
				if e != nil {
					t.Errorf("REINST %s %v\n-----\n%s\n----\n%s", kind, e, text, before2.String())
					return
				}
				var j1, j2 bytes.Buffer
				if m2.NumVars() != m.NumVars() || m2.NumRows() != m.NumRows() {
					t.Errorf("SIZE %s %d %d %d %d\n-----\n%s\n----\n%s", kind, m.NumVars(), m2.NumVars(), m.NumRows(), m2.NumRows(), text, before2.String())
				}
				if m2.Err() == nil {
					if d := differs(r, m, m2, true); d != "" {
						t.Errorf("MODDIFF %s %s\n-----\n%s\n----\n%s", kind, d, text, before2.String())
					}
				}
				_ = j2
				_ = j1
			}
			if e := export.WriteJSON(&b, m); e == nil {
				m2, e := jsonfile.Read(&b)
				if e != nil {
					t.Errorf("JSON %s %v\n-----\n%s", kind, e, text)
				} else if d := differs(r, m, m2, true); d != "" {
					t.Errorf("JSONDIFF %s %s\n-----\n%s", kind, d, text)
				}
			}
			b.Reset()
			if e := export.WriteMPS(&b, m); e == nil {
				txt := b.String()
				m2, e := mpsaux.Read(&b, mpsaux.Options{})
				if e != nil {
					if !strings.Contains(e.Error(), "leaves no value") {
						t.Errorf("MPS %s %v\n-----\n%s\n---\n%s", kind, e, text, txt)
					}
				} else if d := differs(r, m, m2, false); d != "" {
					t.Errorf("MPSDIFF %s %s\n-----\n%s\n---\n%s", kind, d, text, txt)
				}
			}
			b.Reset()
			if e := export.WriteNL(&b, m); e == nil {
				if _, e := nl.Read(&b, nl.Names{}); e != nil {
					t.Errorf("NL %s %v\n-----\n%s", kind, e, text)
				}
			}
			b.Reset()
			export.WriteLP(&b, m)
			export.WriteGAMS(&b, m)
			export.WriteLaTeX(&b, m)
			b.Reset()
			if e := export.WriteAMPL(&b, m); e == nil {
				f, e := modfile.Parse("m.mod", b.Bytes())
				var m2 *model.Model
				if e == nil {
					m2, e = f.Instantiate(modfile.Options{})
				}
				if e == nil && m2.Err() == nil {
					if d := differs(r, m, m2, false); d != "" {
						t.Errorf("AMPLDIFF %s %s\n-----\n%s\n---\n%s", kind, d, text, b.String())
					}
				}
				if e != nil {
					t.Errorf("AMPL %s %v\n-----\n%s\n---\n%s", kind, e, text, b.String())
				}
			}
		}()
		runtime.ReadMemStats(&after)
		if d := time.Since(start); d > 4*time.Second {
			t.Errorf("SLOW %s %v\n-----\n%.3000s", kind, d, text)
		}
		if after.TotalAlloc-before.TotalAlloc > 1<<30 {
			t.Errorf("MEM %s %d MB\n-----\n%.3000s", kind, (after.TotalAlloc-before.TotalAlloc)>>20, text)
		}
	}
	fmt.Println(n, ok)
	for k, v := range noplace {
		fmt.Println(v, k)
	}
}

func near(a, b float64) bool {
	return a == b || math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= 1e-9*(1+math.Abs(a)) || math.Abs(a) > 1e100 || math.Abs(b) > 1e100
}

func differs(r *rand.Rand, a, b *model.Model, names bool) string {
	for j := range a.NumVars() {
		if strings.Contains(a.VarName(j), ".dual") {
			return ""
		}
	}
	if a.NumVars() != b.NumVars() {
		return fmt.Sprintf("vars %d %d", a.NumVars(), b.NumVars())
	}
	if a.NumRows() != b.NumRows() && names {
		return fmt.Sprintf("rows %d %d", a.NumRows(), b.NumRows())
	}
	if a.NumPairs() != b.NumPairs() || len(a.SOS1Sets()) != len(b.SOS1Sets()) || a.NumPlayers() != b.NumPlayers() {
		return "pairs, sets, players"
	}
	for j := range a.NumVars() {
		l1, u1 := a.VarBounds(j)
		l2, u2 := b.VarBounds(j)
		if l1 != l2 && !(math.Abs(l1) >= 1e30) || u1 != u2 && !(math.Abs(u1) >= 1e30) {
			return fmt.Sprintf("bounds %s %v %v %v %v", a.VarName(j), l1, u1, l2, u2)
		}
		if k1, k2 := a.VarKind(j), b.VarKind(j); k1 != k2 && !(k1 != model.Continuous && k2 != model.Continuous && l1 == 0 && u1 == 1) {
			return fmt.Sprintf("kind %s %v %v", a.VarName(j), k1, k2)
		}
		if names && !strings.Contains(a.VarName(j), ".dual") && (a.VarName(j) != b.VarName(j) || a.VarOwner(j) != b.VarOwner(j)) {
			return fmt.Sprintf("name %q %q", a.VarName(j), b.VarName(j))
		}
	}
	for range 3 {
		x := make([]float64, a.NumVars())
		for j := range x {
			lo, hi := a.VarBounds(j)
			lo, hi = math.Max(lo, -5), math.Min(hi, 5)
			x[j] = lo + r.Float64()*(hi-lo)
			if lo > hi {
				x[j] = lo
			}
		}
		for p := range a.NumPlayers() {
			v, w := a.ObjectiveValue(p, x), b.ObjectiveValue(p, x)
			if !near(v, w) {
				return fmt.Sprintf("objective %d %v %v", p, v, w)
			}
			if a.Player(p).Objective().Sense != b.Player(p).Objective().Sense && v != 0 {
				return "sense"
			}
		}
		if a.NumRows() != b.NumRows() || !names && a.NumPairs() > 0 {
			continue
		}
		for i := range a.NumRows() {
			l1, u1 := a.RowBounds(i)
			l2, u2 := b.RowBounds(i)
			v, w := a.RowValue(i, x), b.RowValue(i, x)
			s1 := []float64{l1 - v, u1 - v}
			s2 := []float64{l2 - w, u2 - w}
			for k := range s1 {
				if !near(s1[k], s2[k]) && math.Abs(s1[k]-s2[k]) > 1e-9*(math.Abs(v)+math.Abs(w)) {
					return fmt.Sprintf("row %s %v %v | %v %v | %v %v", a.RowName(i), l1, u1, l2, u2, v, w)
				}
			}
		}
		for k := range a.NumPairs() {
			if v, w := a.PairViolation(k, x), b.PairViolation(k, x); !near(v, w) {
				return fmt.Sprintf("pair %d %v %v", k, v, w)
			}
		}
	}
	return ""
}
