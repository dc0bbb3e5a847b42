package export

import (
	"sort"
	"strconv"
	"strings"

	"github.com/gobilevel/bilevel/model"
)

// greek are the names that stand for a letter.
var greek = map[string]bool{"alpha": true, "beta": true, "gamma": true, "delta": true, "epsilon": true, "zeta": true, "eta": true, "theta": true,
	"iota": true, "kappa": true, "lambda": true, "mu": true, "nu": true, "xi": true, "pi": true, "rho": true, "sigma": true, "tau": true,
	"upsilon": true, "phi": true, "chi": true, "psi": true, "omega": true}

// mathSymbol is the name of a family as a symbol: x, \lambda, \mathit{cars}; the dual of a constraint is \lambda with its name above.
func mathSymbol(base string) string {
	if row, ok := strings.CutSuffix(base, ".dual"); ok && row != "" {
		return `\lambda^{\mathrm{` + mathEscape(row) + "}}"
	}
	switch {
	case greek[base]:
		return `\` + base
	case len(base) == 1 && isLetter(base[0]):
		return base
	case base == "":
		return `\square`
	}
	for _, r := range base {
		if r >= 0x80 {
			return `\text{` + textEscape(base) + "}"
		}
	}
	return `\mathit{` + mathEscape(base) + "}"
}

// mathEscape writes a name inside of \mathit or \mathrm.
func mathEscape(s string) string { return strings.ReplaceAll(textEscape(s), "-", `\text{-}`) }

var textReplacer = strings.NewReplacer(`\`, `\textbackslash{}`, "{", `\{`, "}", `\}`, "$", `\$`, "&", `\&`, "%", `\%`, "#", `\#`, "_", `\_`,
	"^", `\textasciicircum{}`, "~", `\textasciitilde{}`, "\n", " ", "\r", " ", "\t", " ")

// textEscape writes a text so that LaTeX shows it as it is.
func textEscape(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, textReplacer.Replace(s))
}

// mathElement writes one subscript: a number as it is, a word upright.
func mathElement(e string) string {
	if _, err := strconv.ParseFloat(e, 64); err == nil && !strings.ContainsAny(e, "eExXpPiInN_") {
		return e
	}
	if len(e) == 1 && isLetter(e[0]) {
		return `\mathrm{` + e + "}"
	}
	return `\text{` + textEscape(e) + "}"
}

// splitSubscripts takes a subscript apart at its commas, and drops quotes.
func splitSubscripts(sub string) []string {
	var out []string
	var quote byte
	from := 0
	add := func(to int) {
		s := strings.TrimSpace(sub[from:to])
		if n := len(s); n >= 2 && (s[0] == '"' || s[0] == '\'') && s[n-1] == s[0] {
			s = s[1 : n-1]
		}
		out = append(out, s)
	}
	for i := 0; i < len(sub); i++ {
		switch c := sub[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == ',':
			add(i)
			from = i + 1
		}
	}
	add(len(sub))
	return out
}

// mathFamily is the variables of one name with as many subscripts each.
type mathFamily struct {
	base, symbol string
	members      []int
	tuples       [][]string
	values       [][]string // of each place, in the order of their first occurrence
	product      bool       // the tuples are all combinations of the values
	counts       map[string]map[string]int
}

// count is the number of members whose subscripts at the places where fixed is not "" are those.
func (f *mathFamily) count(places []int, key string) int {
	mask := ""
	for _, p := range places {
		mask += strconv.Itoa(p) + ","
	}
	table, ok := f.counts[mask]
	if !ok {
		table = map[string]int{}
		for _, t := range f.tuples {
			table[tupleKey(t, places)]++
		}
		f.counts[mask] = table
	}
	return table[key]
}

// tupleKey joins the subscripts at some places.
func tupleKey(t []string, places []int) string {
	var b strings.Builder
	for _, p := range places {
		b.WriteString(t[p])
		b.WriteByte(0)
	}
	return b.String()
}

// families groups the variables of a model by name.
func mathFamilies(m *model.Model) (list []*mathFamily, of []*mathFamily, tuples [][]string) {
	of, tuples = make([]*mathFamily, m.NumVars()), make([][]string, m.NumVars())
	byName := map[string]*mathFamily{}
	taken := map[string]bool{}
	for j := range of {
		base, full := m.VarBase(j), m.VarName(j)
		if len(full) > len(base) {
			tuples[j] = splitSubscripts(m.VarSub(j))
		} else if open := strings.IndexByte(full, '['); open > 0 && full[len(full)-1] == ']' {
			base, tuples[j] = full[:open], splitSubscripts(full[open+1:len(full)-1])
		}
		key := base + "\x00" + strconv.Itoa(len(tuples[j]))
		f := byName[key]
		if f == nil {
			f = &mathFamily{base: base, symbol: mathSymbol(base), counts: map[string]map[string]int{}}
			byName[key] = f
			list = append(list, f)
			taken[base] = true
		}
		of[j] = f
		f.members = append(f.members, j)
		f.tuples = append(f.tuples, tuples[j])
	}
	for _, f := range list {
		// x1 is written x with the subscript 1 where nothing else is called x.
		if len(f.tuples[0]) == 0 && len(f.base) > 1 && isLetter(f.base[0]) {
			if digits := f.base[1:]; strings.Trim(digits, "0123456789") == "" && !taken[f.base[:1]] {
				f.symbol = f.base[:1] + "_{" + digits + "}"
			}
		}
		f.values, f.product = factors(f.tuples)
	}
	return list, of, tuples
}

// factors returns the values at each place of some tuples, and whether the tuples are all combinations of them.
func factors(tuples [][]string) (values [][]string, product bool) {
	if len(tuples) == 0 {
		return nil, true
	}
	n := 1
	for p := range tuples[0] {
		seen := map[string]bool{}
		var list []string
		for _, t := range tuples {
			if !seen[t[p]] {
				seen[t[p]] = true
				list = append(list, t[p])
			}
		}
		values = append(values, sortedNumbers(list))
		if n <= len(tuples) {
			n *= len(list)
		}
	}
	distinct := map[string]bool{}
	places := allPlaces(len(tuples[0]))
	for _, t := range tuples {
		distinct[tupleKey(t, places)] = true
	}
	return values, n == len(distinct)
}

func allPlaces(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// sortedNumbers sorts a list that has integers only, and leaves others as they are.
func sortedNumbers(list []string) []string {
	nums := make([]int, len(list))
	for i, s := range list {
		v, ok := asInteger(s)
		if !ok {
			return list
		}
		nums[i] = v
	}
	sort.Ints(nums)
	out := make([]string, len(nums))
	for i, v := range nums {
		out[i] = strconv.Itoa(v)
	}
	return out
}

// asInteger reads a subscript that is an integer in its usual form.
func asInteger(s string) (int, bool) {
	v, err := strconv.Atoi(s)
	return v, err == nil && strconv.Itoa(v) == s && v > -1e6 && v < 1e6
}

// span returns the ends of a list of consecutive integers.
func span(list []string) (from, to string, ok bool) {
	first, ok := asInteger(list[0])
	if !ok || len(list) < 2 {
		return "", "", false
	}
	for i, s := range list {
		if v, whole := asInteger(s); !whole || v != first+i {
			return "", "", false
		}
	}
	return list[0], list[len(list)-1], true
}
