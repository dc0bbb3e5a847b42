package export

import (
	"math"
	"slices"
	"strings"

	"github.com/gobilevel/bilevel/model"
)

// group is the terms of one family in the functions of a cluster: subscripts and coefficients, by row.
type group struct {
	domain *mathFamily
	write  func(places []string) string // the factor with these subscripts
	tuples [][][]string
	coefs  [][]float64
}

// piece is a part of a group that is written as one term or sum.
type piece struct {
	*group
	pattern []place
}

// affine adds the affine parts.
func (w *mathematics) affine(c *cluster, s *mathSum) bool {
	groups, ok := collect(c, func(f model.Function) int { return len(f.Vars) }, func(f model.Function, k int) (any, *mathFamily, []string, float64) {
		j := f.Vars[k]
		return w.of[j], w.of[j], w.tuples[j], f.Coefs[k]
	}, func(domain *mathFamily) func([]string) string {
		return func(places []string) string { return domain.symbol + indexed(domain.symbol, places) }
	})
	return ok && w.groups(c, groups, s)
}

// indexed writes subscripts after a symbol that may have one already.
func indexed(symbol string, places []string) string {
	if len(places) == 0 {
		return ""
	}
	return "_{" + strings.Join(places, ",") + "}"
}

// quadratics adds the quadratic parts; a product of two members of families is a member of the product of these.
func (w *mathematics) quadratics(c *cluster, s *mathSum) bool {
	factor := map[*mathFamily][2]*mathFamily{}
	groups, ok := collect(c, func(f model.Function) int { return len(f.Quad) }, func(f model.Function, k int) (any, *mathFamily, []string, float64) {
		q := f.Quad[k]
		pair := [2]*mathFamily{w.of[q.I], w.of[q.J]}
		domain := w.pairFamily(pair)
		factor[domain] = pair
		return pair, domain, append(slices.Clone(w.tuples[q.I]), w.tuples[q.J]...), q.Coef
	}, func(domain *mathFamily) func([]string) string {
		pair := factor[domain]
		return func(places []string) string {
			n := len(pair[0].tuples[0])
			a, b := pair[0].symbol+indexed("", places[:n]), pair[1].symbol+indexed("", places[n:])
			if a == b {
				return raised(a, "2")
			}
			return a + ` \, ` + b
		}
	})
	return ok && w.groups(c, groups, s)
}

// raised writes a symbol to a power; one that has something above it already stands in parentheses.
func raised(a, exponent string) string {
	if strings.Contains(a, "^") {
		a = `\left(` + a + `\right)`
	}
	return a + "^{" + exponent + "}"
}

// pairLimit is the number of products of two families up to which sums over them are recognised.
const pairLimit = 1 << 16

func (w *mathematics) pairFamily(pair [2]*mathFamily) *mathFamily {
	f := w.pairsOf[pair]
	if f == nil {
		f = &mathFamily{counts: map[string]map[string]int{}, product: pair[0].product && pair[1].product}
		f.values = append(slices.Clone(pair[0].values), pair[1].values...)
		if len(pair[0].tuples)*len(pair[1].tuples) <= pairLimit {
			for _, a := range pair[0].tuples {
				for _, b := range pair[1].tuples {
					f.tuples = append(f.tuples, append(slices.Clone(a), b...))
				}
			}
		}
		w.pairsOf[pair] = f
	}
	return f
}

// collect sorts the terms of all rows into groups; ok is false where a row has no term of a group.
func collect(c *cluster, count func(f model.Function) int, term func(f model.Function, k int) (key any, domain *mathFamily, tuple []string, coef float64),
	writer func(domain *mathFamily) func([]string) string) (groups []*group, ok bool) {
	at := map[any]*group{}
	for r, f := range c.fs {
		for k := range count(f) {
			key, domain, tuple, coef := term(f, k)
			if coef == 0 {
				continue
			}
			g := at[key]
			if g == nil {
				if r > 0 {
					return nil, false
				}
				g = &group{domain: domain, tuples: make([][][]string, len(c.fs)), coefs: make([][]float64, len(c.fs))}
				at[key] = g
				groups = append(groups, g)
			}
			g.tuples[r], g.coefs[r] = append(g.tuples[r], tuple), append(g.coefs[r], coef)
		}
	}
	for _, g := range groups {
		g.write = writer(g.domain)
		for _, t := range g.tuples {
			if len(t) == 0 {
				return nil, false
			}
		}
	}
	return groups, true
}

// groups writes the groups, each in the first form that fits.
func (w *mathematics) groups(c *cluster, groups []*group, s *mathSum) bool {
	var pieces []piece
	left := 0
	for _, g := range groups {
		p, more, ok := w.pieces(c, g)
		if !ok {
			return false
		}
		pieces = append(pieces, p...)
		left += more
	}
	if s.terms == 0 { // a sum begins with a term that is added, if there is one
		if k := slices.IndexFunc(pieces, func(p piece) bool { return !p.uniform() || p.coefs[0][0] > 0 }); k > 0 {
			p := pieces[k]
			pieces = slices.Insert(slices.Delete(pieces, k, k+1), 0, p)
		}
	}
	for _, p := range pieces {
		w.write(c, p, s)
	}
	s.more += left
	return true
}

// fewTerms is the number of terms of a single function that are written one by one where a sum could be written.
const fewTerms = 3

// pieces takes a group apart. more is the number of terms of a single function that are left out.
func (w *mathematics) pieces(c *cluster, g *group) (list []piece, more int, ok bool) {
	n := len(g.tuples[0])
	if len(c.fs) == 1 && n <= fewTerms {
		if list, ok := w.patterns(c, g.singles()); ok {
			return list, 0, true
		}
	}
	var forms [][]*group
	if g.uniform() {
		forms = append(forms, []*group{g})
	}
	if parts := g.byCoefficient(); parts != nil {
		forms = append(forms, parts)
	}
	if len(c.fs) > 1 && n <= fewTerms {
		forms = append(forms, g.singles())
	}
	forms = append(forms, []*group{g})
	if len(c.fs) > 1 && n <= listLimit {
		forms = append(forms, g.singles())
	}
	for _, f := range forms {
		if list, ok := w.patterns(c, f); ok {
			return list, 0, true
		}
	}
	if len(c.fs) > 1 {
		return nil, 0, false
	}
	singles := g.singles()
	if len(singles) > listLimit+1 {
		singles, more = singles[:listLimit], len(singles)-listLimit
	}
	list, ok = w.patterns(c, singles)
	return list, more, ok
}

func (w *mathematics) patterns(c *cluster, groups []*group) ([]piece, bool) {
	var list []piece
	for _, g := range groups {
		pattern := make([]place, 0)
		if len(g.tuples[0][0]) > 0 {
			var ok bool
			b := block{g.domain, g.tuples}
			if pattern, ok = b.pattern(c.index); !ok {
				return nil, false
			}
		}
		list = append(list, piece{g, pattern})
	}
	return list, true
}

// uniform reports whether all coefficients of a group are the same.
func (g *group) uniform() bool {
	for _, row := range g.coefs {
		for _, v := range row {
			if v != g.coefs[0][0] {
				return false
			}
		}
	}
	return true
}

// singles takes a group apart into its terms, in their order; nil where the rows have not as many.
func (g *group) singles() []*group {
	n := len(g.tuples[0])
	parts := make([]*group, n)
	for k := range parts {
		parts[k] = &group{domain: g.domain, write: g.write}
	}
	for r, tuples := range g.tuples {
		if len(tuples) != n {
			return []*group{g}
		}
		for k, t := range tuples {
			parts[k].tuples = append(parts[k].tuples, [][]string{t})
			parts[k].coefs = append(parts[k].coefs, []float64{g.coefs[r][k]})
		}
	}
	return parts
}

// byCoefficient takes a group apart by its coefficients, where these are few and the same in all rows.
func (g *group) byCoefficient() []*group {
	var values []float64
	for _, v := range g.coefs[0] {
		if !slices.Contains(values, v) {
			if values = append(values, v); len(values) > 3 {
				return nil
			}
		}
	}
	if len(values) < 2 {
		return nil
	}
	parts := make([]*group, len(values))
	for k := range parts {
		parts[k] = &group{domain: g.domain, write: g.write, tuples: make([][][]string, len(g.tuples)), coefs: make([][]float64, len(g.tuples))}
	}
	for r, tuples := range g.tuples {
		for i, t := range tuples {
			k := slices.Index(values, g.coefs[r][i])
			if k < 0 {
				return nil
			}
			parts[k].tuples[r], parts[k].coefs[r] = append(parts[k].tuples[r], t), append(parts[k].coefs[r], g.coefs[r][i])
		}
	}
	for _, p := range parts {
		for _, t := range p.tuples {
			if len(t) == 0 {
				return nil
			}
		}
	}
	return parts
}

// write writes a piece as a term or a sum.
func (w *mathematics) write(c *cluster, p piece, s *mathSum) {
	letter := make([]string, len(p.pattern)) // what stands at each place
	var free []int
	next := len(c.letters)
	for k, q := range p.pattern {
		switch {
		case q.free:
			letter[k] = w.letters[min(next, len(w.letters)-1)]
			next++
			free = append(free, k)
		case q.same >= 0:
			letter[k] = letter[q.same]
		case q.row < 0:
			letter[k] = mathElement(q.value)
		default:
			letter[k] = shifted(c.letters[q.row], q.offset)
		}
	}
	prefix := ""
	switch {
	case len(free) == 0:
	case p.domain.product:
		for _, k := range free {
			condition := ""
			if e := p.pattern[k].except; e >= 0 {
				condition = `,\ ` + letter[k] + ` \ne ` + c.letters[e]
			}
			prefix += w.sets.sum(letter[k], p.domain.values[k], condition)
		}
	default:
		var letters []string
		for _, k := range free {
			letters = append(letters, letter[k])
		}
		prefix = `\sum_{` + strings.Join(letters, ",") + ` :\ (` + strings.Join(letter, ", ") + `) \in ` + w.sets.name(p.domain.tuples) + "} "
		if e := p.pattern[free[0]].except; e >= 0 {
			prefix = strings.TrimSuffix(prefix, "} ") + `,\ ` + letter[free[0]] + ` \ne ` + c.letters[e] + "} "
		}
	}
	factor := p.group.write(letter)
	if p.uniform() {
		s.add(p.coefs[0][0], prefix+factor)
		return
	}
	var names []string
	for _, k := range free {
		names = append(names, letter[k])
	}
	coef := w.coefficient(c, p, free, names)
	s.add(1, prefix+coef+` \, `+factor)
}

// shifted writes an index with an offset.
func shifted(letter string, offset int) string {
	switch {
	case offset > 0:
		return letter + "+" + mathNumber(float64(offset))
	case offset < 0:
		return letter + "-" + mathNumber(math.Abs(float64(offset)))
	}
	return letter
}

// coefficient names the coefficients of a piece, an array over as few indices as say them.
func (w *mathematics) coefficient(c *cluster, p piece, free []int, names []string) string {
	for _, with := range []struct{ row, free bool }{{false, true}, {true, false}, {true, true}} {
		var keys [][]string
		var values []float64
		value := map[string]float64{}
		good := true
		for r, tuples := range p.tuples {
			for k, t := range tuples {
				var key []string
				if with.row {
					key = append(key, c.index[r]...)
				}
				if with.free {
					for _, q := range free {
						key = append(key, t[q])
					}
				}
				id := strings.Join(key, "\x00")
				v := p.coefs[r][k]
				if old, known := value[id]; known && old != v {
					good = false
				}
				value[id] = v
				keys, values = append(keys, key), append(values, v)
			}
		}
		if good || with.row && with.free {
			var letters []string
			if with.row {
				letters = append(letters, c.letters...)
			}
			if with.free {
				letters = append(letters, names...)
			}
			return w.data.define("a", keys, values) + subscripts(letters)
		}
	}
	return ""
}
