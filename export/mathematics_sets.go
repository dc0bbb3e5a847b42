package export

import (
	"strconv"
	"strings"
)

// listLimit is the number of values, terms or constraints that are written of a list that has no regular form.
const listLimit = 12

// mathSets gives names to the sets that indices run through, and remembers what they are.
type mathSets struct {
	names   map[string]string // by content
	lines   []string
	used    int
	letters []string // that are free for names
}

const setLetters = "IJKLMNPQRSUVW"

// name returns the name of a set of tuples.
func (s *mathSets) name(tuples [][]string) string {
	var key strings.Builder
	for _, t := range tuples {
		key.WriteString(strings.Join(t, "\x00") + "\x01")
	}
	if n, ok := s.names[key.String()]; ok {
		return n
	}
	n := `\mathcal{S}_{` + strconv.Itoa(s.used+1) + "}"
	if s.used < len(s.letters) {
		n = s.letters[s.used]
	}
	s.used++
	if s.names == nil {
		s.names = map[string]string{}
	}
	s.names[key.String()] = n
	line := n + ` = \{`
	for i, t := range tuples {
		if i > 0 {
			line += `,\ `
		}
		if i == listLimit && len(tuples) > listLimit+1 {
			line += `\dots\ \text{(` + strconv.Itoa(len(tuples)-i) + ` more)}`
			break
		}
		line += mathTuple(t)
	}
	s.lines = append(s.lines, line+`\}`)
	return n
}

func mathTuple(t []string) string {
	parts := make([]string, len(t))
	for i, e := range t {
		parts[i] = mathElement(e)
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

// values returns the name of a set of single values.
func (s *mathSets) values(list []string) string {
	tuples := make([][]string, len(list))
	for i, v := range list {
		tuples[i] = []string{v}
	}
	return s.name(tuples)
}

// through writes that indices run through some tuples: i = 1, \dots, n; j \in J; or (i, j) \in K.
func (s *mathSets) through(letters []string, tuples [][]string) string {
	values, product := factors(tuples)
	if !product {
		return "(" + strings.Join(letters, ", ") + `) \in ` + s.name(tuples)
	}
	var parts []string
	for p, l := range letters {
		parts = append(parts, s.one(l, values[p]))
	}
	return strings.Join(parts, `,\ `)
}

func (s *mathSets) one(letter string, values []string) string {
	if from, to, ok := span(values); ok {
		if len(values) <= 3 {
			return letter + " = " + strings.Join(values, ", ")
		}
		return letter + " = " + from + `, \dots, ` + to
	}
	if len(values) == 1 {
		return letter + " = " + mathElement(values[0])
	}
	return letter + ` \in ` + s.values(values)
}

// sum writes the sign of a sum over a place whose subscripts are values.
func (s *mathSets) sum(letter string, values []string, condition string) string {
	if from, to, ok := span(values); ok {
		return `\sum_{` + letter + "=" + from + condition + "}^{" + to + "} "
	}
	return `\sum_{` + letter + ` \in ` + s.values(values) + condition + "} "
}

// mathData gives names to numbers that differ from one member of a family to the next, and remembers their values.
type mathData struct {
	lines []string
	used  int
	hat   bool // the letters of arrays are those of variables, too
}

// define names the values of an array; keys are the subscripts of each, in order, with repeats.
func (d *mathData) define(letter string, keys [][]string, values []float64) string {
	d.used++
	if d.hat {
		letter = `\hat{` + letter + "}"
	}
	name := letter + "^{(" + strconv.Itoa(d.used) + ")}"
	seen := map[string]bool{}
	var parts []string
	more := 0
	for i, k := range keys {
		id := strings.Join(k, "\x00")
		if seen[id] {
			continue
		}
		seen[id] = true
		if len(parts) == listLimit {
			more++
			continue
		}
		parts = append(parts, name+mathIndex(k)+" = "+mathNumber(values[i]))
	}
	line := strings.Join(parts, `,\ `)
	if more > 0 {
		line += `,\ \dots\ \text{(` + strconv.Itoa(more) + ` more)}`
	}
	d.lines = append(d.lines, line)
	return name
}

// mathIndex writes subscripts.
func mathIndex(t []string) string {
	if len(t) == 0 {
		return ""
	}
	parts := make([]string, len(t))
	for i, e := range t {
		parts[i] = mathElement(e)
	}
	return "_{" + strings.Join(parts, ",") + "}"
}
