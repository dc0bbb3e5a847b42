package page

import (
	"fmt"
	"math"
	"testing"
)

// The distances of a drawing are in proportion to the numbers of links: closely so for a path, and nearly so for a grid.
func TestLayout(t *testing.T) {
	path := &Network{Nodes: make([]string, 6)}
	for i := range 5 {
		path.Links = append(path.Links, Link{From: i, To: i + 1})
	}
	grid := &Network{Nodes: make([]string, 25)}
	for i := range 5 {
		for j := range 5 {
			if j < 4 {
				grid.Links = append(grid.Links, Link{From: 5*i + j, To: 5*i + j + 1})
			}
			if i < 4 {
				grid.Links = append(grid.Links, Link{From: 5*i + j + 5, To: 5*i + j})
			}
		}
	}
	for _, c := range []struct {
		name string
		n    *Network
		most float64 // of the stress a pair of nodes
	}{{"path", path, 1e-4}, {"grid", grid, 0.03}} {
		at, d := layout(c.n), distances(c.n)
		// The scale that fits best: the drawing has one of its own.
		top, bottom := 0.0, 0.0
		for i := range at {
			for j := range i {
				l := math.Hypot(at[i][0]-at[j][0], at[i][1]-at[j][1])
				top, bottom = top+l/d[i][j], bottom+l*l/(d[i][j]*d[i][j])
			}
		}
		stress, pairs := 0.0, 0.0
		for i := range at {
			for j := range i {
				l := math.Hypot(at[i][0]-at[j][0], at[i][1]-at[j][1]) * top / bottom
				stress += (l - d[i][j]) * (l - d[i][j]) / (d[i][j] * d[i][j])
				pairs++
			}
		}
		if stress/pairs > c.most {
			t.Errorf("%s: stress %v a pair", c.name, stress/pairs)
		}
	}
}

// Every node of any network has a place of its own within the drawing, the same each time.
func TestLayoutStaysInside(t *testing.T) {
	for _, n := range []*Network{
		{Nodes: make([]string, 1)},
		{Nodes: make([]string, 2), Links: []Link{{From: 0, To: 1}}},
		{Nodes: make([]string, 3), Links: []Link{{From: 0, To: 1}, {From: 1, To: 2}, {From: 2, To: 0}}},
		{Nodes: make([]string, 7)}, // no links at all
		{Nodes: make([]string, 5), Links: []Link{{From: 0, To: 1}, {From: 2, To: 3}}},
		{Nodes: make([]string, mostPlaced+1)},
	} {
		at := layout(n)
		seen := map[string]bool{}
		for i, p := range at {
			if !(p[0] >= networkMargin-1e-6 && p[0] <= networkWidth-networkMargin+1e-6 && p[1] >= networkMargin-1e-6 && p[1] <= networkHeight-networkMargin+1e-6) {
				t.Errorf("%d nodes: node %d stands at %v", len(n.Nodes), i, p)
			}
			key := fmt.Sprintf("%.3f %.3f", p[0], p[1])
			if seen[key] {
				t.Errorf("%d nodes: two stand at %s", len(n.Nodes), key)
			}
			seen[key] = true
		}
		for i, p := range layout(n) {
			if p != at[i] {
				t.Errorf("%d nodes: another place for node %d", len(n.Nodes), i)
			}
		}
	}
}

func TestSubscripts(t *testing.T) {
	for text, want := range map[string]string{"": "[]", "1,2": `["1" "2"]`, `"a,b", 'c'`: `["a,b" "c"]`, `o,"it's",3`: `["o" "it's" "3"]`} {
		if got := fmt.Sprintf("%q", subscripts(text)); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}
