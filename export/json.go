package export

import (
	"io"
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
)

// WriteJSON writes a whole model as JSON: players, variables, constraints, pairs, SOS1 sets, conditions, suffixes, groups, implied
// pairs and notes, with the names and families that they have. Package jsonfile reads it back to the same model, and holds the schema
// of the format. Variables, constraints and expressions are referred to by their place in the lists, counted from 0; an entry takes one
// line, and what has its default is left out. Nonlinear parts are entries of one list of expressions, each made of entries before it,
// so that what is shared in the model is shared in the file. Numbers are the shortest that read back to the same float64.
//
// It returns the mistakes of m.Err, a *NotWritableError for a name that is no UTF-8, or the error of w.
func WriteJSON(w io.Writer, m *model.Model) error {
	if err := m.Err(); err != nil {
		return err
	}
	j := &jsonWriter{text: newText(w), m: m}
	j.numberExpressions()
	j.puts(`{"format": "bilevel-model", "version": 1`)
	j.member(`"name": `)
	j.str("the model", m.Name)
	j.notes()
	j.players()
	j.variables()
	j.constraints()
	j.pairs()
	j.sets()
	j.implied()
	j.expressions()
	j.puts("\n}\n")
	if j.err != nil {
		return j.err
	}
	return j.flush()
}

type jsonWriter struct {
	*text
	m     *model.Model
	order []expr.Node         // the expressions that are written, ascending
	place map[expr.Node]int32 // of each in the list
	err   error               // of what cannot be written
}

// member starts a member of the outermost object.
func (j *jsonWriter) member(key string) {
	j.puts(",\n ")
	j.puts(key)
}

// list writes a member that is a list of n entries, a line each; nothing where n is 0.
func (j *jsonWriter) list(key string, n int, entry func(i int)) {
	if n == 0 {
		return
	}
	j.member(`"` + key + `": [`)
	for i := range n {
		if i > 0 {
			j.puts(",")
		}
		j.puts("\n  ")
		entry(i)
	}
	j.puts("\n ]")
}

func (j *jsonWriter) str(what, s string) {
	if !utf8.ValidString(s) && j.err == nil {
		j.err = &NotWritableError{"JSON", 0, what, "the name " + strconv.Quote(s) + " is not valid UTF-8", "give it another name"}
	}
	b := append(j.w.AvailableBuffer(), '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r < ' ' || r == 0x7f || r == '\u2028' || r == '\u2029':
			b = append(b, `\u`...)
			for shift := 12; shift >= 0; shift -= 4 {
				b = append(b, "0123456789abcdef"[r>>shift&15])
			}
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	j.put(append(b, '"'))
}

// real writes a number; those that JSON has no word for are strings.
func (j *jsonWriter) real(v float64) {
	switch {
	case math.IsNaN(v):
		j.puts(`"NaN"`)
	case math.IsInf(v, 1):
		j.puts(`"Infinity"`)
	case math.IsInf(v, -1):
		j.puts(`"-Infinity"`)
	default:
		j.put(strconv.AppendFloat(j.w.AvailableBuffer(), v, 'g', -1, 64))
	}
}

func (j *jsonWriter) whole(i int) { j.put(strconv.AppendInt(j.w.AvailableBuffer(), int64(i), 10)) }

func (j *jsonWriter) notes() {
	j.list("notes", len(j.m.Notes), func(i int) { j.str("a note", j.m.Notes[i]) })
}

func (j *jsonWriter) players() {
	j.list("players", j.m.NumPlayers(), func(i int) {
		p := j.m.Player(i)
		j.puts(`{"name": `)
		j.str("a player", p.Name())
		if p.IsNash() {
			j.puts(`, "nash": true`)
		}
		if o := p.Objective(); o.Set {
			j.puts(`, "objective": {`)
			if o.Name != "" {
				j.puts(`"name": `)
				j.str("an objective", o.Name)
				j.puts(`, `)
			}
			j.puts(`"sense": "` + o.Sense.String() + `", "function": `)
			j.function(o.F)
			j.puts("}")
		}
		j.puts("}")
	})
}

// name writes the members of an entry that say its name: that of its family, its subscript, and whether a new family of the same
// name begins with it.
func (j *jsonWriter) name(base, full, before string, sameFamily bool) {
	j.puts(`{"name": `)
	j.str("a list", base)
	if len(full) > len(base) {
		j.puts(`, "subscript": `)
		j.str(base, full[len(base)+1:len(full)-1])
		if base == before && !sameFamily {
			j.puts(`, "newFamily": true`)
		}
	}
}

// bounds writes the bounds that are there.
func (j *jsonWriter) bounds(lo, hi float64) {
	if !math.IsInf(lo, -1) {
		j.puts(`, "lower": `)
		j.real(lo)
	}
	if !math.IsInf(hi, 1) {
		j.puts(`, "upper": `)
		j.real(hi)
	}
}

func (j *jsonWriter) index(key string, i int) {
	j.puts(`, "` + key + `": `)
	j.whole(i)
}

func (j *jsonWriter) suffixes(s model.Steer) {
	if s == (model.Steer{}) {
		return
	}
	sep := `, "suffixes": {`
	if s.Reform != "" {
		j.puts(sep + `"reform": `)
		j.str("a suffix", s.Reform)
		sep = ", "
	}
	if s.DualBound != 0 {
		j.puts(sep + `"dualbound": `)
		j.real(s.DualBound)
		sep = ", "
	}
	if s.SlackBound != 0 {
		j.puts(sep + `"slackbound": `)
		j.real(s.SlackBound)
	}
	j.puts("}")
}
