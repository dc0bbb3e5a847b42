package export

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
)

// members lists, straight from the definition, the subscripts of a domain that a pattern asks for in a row.
func members(domain [][]string, pattern []place, index []string) []string {
	var out []string
	for _, t := range domain {
		good := true
		for p, c := range pattern {
			switch {
			case c.free:
				good = good && (c.except < 0 || t[p] != index[c.except])
			case c.same >= 0:
				good = good && t[p] == t[c.same]
			case c.row < 0:
				good = good && t[p] == c.value
			default:
				want := index[c.row]
				if c.offset != 0 {
					v, _ := strconv.Atoi(want)
					want = strconv.Itoa(v + c.offset)
				}
				good = good && t[p] == want
			}
		}
		if good {
			out = append(out, fmt.Sprint(t))
		}
	}
	slices.Sort(out)
	return out
}

// What a pattern says is what there is: terms drawn by a random pattern, or without any, are described by the pattern that is found, if one is.
func TestPatternsSayWhatThereIs(t *testing.T) {
	found := 0
	for seed := range uint64(4000) {
		rng := rand.New(rand.NewPCG(seed, 1))
		n := 1 + rng.IntN(3)
		f := &mathFamily{counts: map[string]map[string]int{}}
		width := []int{1 + rng.IntN(4), 1 + rng.IntN(4), 1 + rng.IntN(3)}[:n]
		total := 1
		for _, k := range width {
			total *= k
		}
		sparse := rng.IntN(2) == 0
		for k := range total {
			t := make([]string, n)
			for p, rest := 0, k; p < n; p++ {
				t[p] = strconv.Itoa(rest % width[p])
				rest /= width[p]
			}
			if !sparse || rng.IntN(3) > 0 {
				f.tuples = append(f.tuples, t)
			}
		}
		if len(f.tuples) == 0 {
			continue
		}
		f.values, f.product = factors(f.tuples)
		rows := 1 + rng.IntN(4)
		var index [][]string
		for r := range rows {
			index = append(index, []string{strconv.Itoa(r), strconv.Itoa(rng.IntN(3))})
		}
		pattern := make([]place, n)
		for p := range pattern {
			pattern[p] = []place{
				{row: rng.IntN(2), offset: rng.IntN(3) - 1, same: -1, except: -1},
				{row: -1, value: strconv.Itoa(rng.IntN(3)), same: -1, except: -1},
				{row: -1, same: -1, free: true, except: rng.IntN(3) - 1},
				{row: -1, same: max(0, p-1), except: -1},
			}[rng.IntN(4)]
			if p == 0 && pattern[p].same >= 0 {
				pattern[p] = place{row: -1, same: -1, free: true, except: -1}
			}
		}
		b := block{domain: f}
		empty := false
		for _, s := range index {
			want := members(f.tuples, pattern, s)
			var tuples [][]string
			for _, t := range f.tuples {
				if keep := slices.Contains(want, fmt.Sprint(t)); keep != (rng.IntN(40) == 0) {
					tuples = append(tuples, t)
				}
			}
			empty = empty || len(tuples) == 0
			b.rows = append(b.rows, tuples)
		}
		if empty {
			continue
		}
		got, ok := b.pattern(index)
		if !ok {
			continue
		}
		found++
		for r, s := range index {
			var have []string
			for _, t := range b.rows[r] {
				have = append(have, fmt.Sprint(t))
			}
			slices.Sort(have)
			if want := members(f.tuples, got, s); !slices.Equal(have, want) {
				t.Fatalf("seed %d: row %v has %v, and the pattern %+v says %v", seed, s, have, got, want)
			}
		}
	}
	if found < 500 {
		t.Errorf("a pattern was found in %d cases only", found)
	}
}
