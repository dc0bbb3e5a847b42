package branch

import (
	"context"
	"os"
	"runtime"
	"strconv"
	"testing"

	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/bench/family"
	"github.com/gobilevel/bilevel/reform"
)

// TestMemory measures what open nodes of a problem with a thousand pairs take, as the search makes them: a dive leaves one open sibling a node,
// with a basis of its own, and expanded ancestors. BILEVEL_NODES is the number of open nodes, 20,000 by default; a million have to fit in 4 GB.
func TestMemory(t *testing.T) {
	noLeak(t)
	count := 20000
	if n, err := strconv.Atoi(os.Getenv("BILEVEL_NODES")); err == nil {
		count = n
	}
	k, err := (reform.KKT{Inequality: true}).Apply(context.Background(), family.Toll(12, 1234))
	if err != nil {
		t.Fatal(err)
	}
	p, err := newProblem(k.Model)
	if err != nil {
		t.Fatal(err)
	}
	if p.real < 1000 {
		t.Fatalf("%d pairs", p.real)
	}
	o := bare(0)
	tr, w := startSearch(t, p, o)
	defer tr.close()
	heap := func() uint64 {
		runtime.GC()
		var s runtime.MemStats
		runtime.ReadMemStats(&s)
		return s.HeapAlloc
	}
	root := tr.queue.best()
	if next, err := w.expand(context.Background(), root, true); err != nil || next == nil {
		t.Fatalf("the root is closed: %v", err)
	}
	w.out.nodes = nil
	before := heap()
	for i := 0; tr.queue.Len() < count; i++ {
		from := root
		if tr.queue.Len() > 0 {
			from = tr.queue.best()
		}
		for range diveNodes { // a dive
			n := w.branchPair(from, candidate{pair: i % p.real, a: 1, b: 2}, float64(i%977))
			from.basis = nil
			from = n
		}
		w.out.nodes = append(w.out.nodes, from)
		for _, n := range w.out.nodes {
			tr.queue.add(n)
		}
		w.out.nodes = w.out.nodes[:0]
	}
	for _, n := range tr.queue.list {
		if n.basis == nil {
			t.Fatal("an open node without a basis")
		}
	}
	each := float64(heap()-before) / float64(tr.queue.Len())
	b, _ := w.lp.lp.Basis(highs.Basis{})
	t.Logf("%d open nodes of a problem with %d pairs, %d columns, %d rows: %.0f bytes each, %.2f GB for a million", tr.queue.Len(), p.real, len(b.Cols), len(b.Rows), each, each/1e3)
	if each > 4e3 {
		t.Errorf("%.0f bytes a node: a million does not fit in 4 GB", each)
	}
	runtime.KeepAlive(tr)
}
