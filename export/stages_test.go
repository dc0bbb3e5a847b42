package export_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/export"
	"github.com/gobilevel/bilevel/internal/readertest"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/reform/reformtest"
)

// randomStage draws a chain of one to four passes and applies as much of it as the passes take.
func randomStage(rng *rand.Rand, m *model.Model) (after []string, stage *model.Model) {
	names := bilevel.PassNames()
	stage = m
	for range 1 + rng.IntN(4) {
		next := names[rng.IntN(len(names))]
		if m.NumFollowers() > 0 && len(after) == 0 && rng.IntN(2) == 0 {
			next = "kkt" // most passes want pairs
		}
		chain := append(append([]string(nil), after...), next)
		made, err := bilevel.Stage(context.Background(), m, strings.Join(chain, "+"), bilevel.Options{BigM: 1e3})
		if err == nil && made.Err() == nil {
			after, stage = chain, made
		}
	}
	return after, stage
}

// TestExportsAfterAnyPass writes what random chains of passes make of random models in every format: each is refused as documented, or reads
// back.
func TestExportsAfterAnyPass(t *testing.T) {
	n := 120
	if readertest.Every() {
		n = 1500
	}
	c, stages, inLP := newTally(), map[string]int{}, 0
	for seed := range n {
		rng := rand.New(rand.NewPCG(uint64(seed), 5))
		in, _ := reformtest.Random(rng.Uint64())
		m := in.Model()
		if rng.IntN(4) == 0 {
			m = curvedFollower(rng)
		}
		after, stage := randomStage(rng, m)
		name := fmt.Sprintf("seed %d after %s", seed, strings.Join(after, "+"))
		for _, p := range after {
			stages[p]++
		}
		c.trip(t, name, stage, false)
		everyWay(t, name, stage)
		var b bytes.Buffer
		if err := export.WriteMarkdown(&b, stage); err != nil {
			t.Errorf("%s: Markdown: %v", name, err)
		}
		if readLP(t, name, stage) {
			inLP++
		}
		if t.Failed() {
			return
		}
	}
	c.log(t)
	t.Logf("%d LP files were read by glpsol; passes: %v", inLP, stages)
	for _, f := range forms {
		if c.written[f.name] == 0 {
			t.Errorf("no model was written as %s", f.name)
		}
	}
	if len(stages) < 12 {
		t.Errorf("only the passes %v were applied", stages)
	}
}

// curvedFollower is a bilevel problem with nonlinear functions at both levels; the follower's problem is convex.
func curvedFollower(rng *rand.Rand) *model.Model {
	m := model.New("curved follower")
	x := m.Leader().Vars("x", 2, -1, 1+float64(rng.IntN(4)))
	f := m.Follower("f")
	y := f.Vars("y", 2, 0, 5)
	m.Leader().Minimize(model.Sum(model.Exp(x[0]), y[0].Times(x[1]), y[1].Times(-1)))
	f.Minimize(model.Sum(y[0].Times(y[0]), model.Exp(y[1].Minus(x[0])), y[1].Times(x[1])))
	f.Constrain("cap", model.Sum(y[0], y[1], x[0]).LE(float64(3+rng.IntN(3))))
	if rng.IntN(2) == 0 {
		f.Constrain("ball", model.Sum(y[0].Times(y[0]), y[1].Times(y[1])).LE(9))
	}
	m.Leader().Constrain("sum", x[0].Plus(x[1]).GE(-1))
	return m
}

// readLP lets glpsol read a model that has nothing but affine functions; it is false where that is not so or the program is not installed.
func readLP(t *testing.T, name string, m *model.Model) bool {
	t.Helper()
	var b bytes.Buffer
	if err := export.WriteLP(&b, m, export.Options{Portable: true}); err != nil {
		if !refused(err) {
			t.Errorf("%s: LP: %v", name, err)
		}
		return false
	}
	program, err := exec.LookPath("glpsol")
	if m.Constructs()&^(model.IntegerVariables) != 0 || err != nil {
		return false
	}
	file := filepath.Join(t.TempDir(), "m.lp")
	if err := os.WriteFile(file, b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	said, err := exec.CommandContext(ctx, program, "--check", "--lp", file).CombinedOutput()
	if err != nil || bytes.Contains(said, []byte("error")) {
		t.Errorf("%s: LP: glpsol: %v: %s\n%s", name, err, said, b.Bytes())
	}
	return true
}
