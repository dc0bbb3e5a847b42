package mpsaux

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/gobilevel/bilevel/internal/mpshead"
)

// hints are what package export says in comments at the head of a file about what the format has no place for.
type hints struct {
	ours      bool // the first line is "* Model ..."
	model     string
	brackets  bool // brackets of names are written as parentheses
	negative  bool // the objective is the negative of what is maximised
	none      bool // there is no objective
	objective string
	vars      map[string]string // names that were changed
	rows      map[string]string
	sets      map[string]string
}

// readHints reads the comments at the head of a file.
func readHints(text []byte) hints {
	var h hints
	for first := true; len(text) > 0 && text[0] == '*'; first = false {
		line := text
		if k := bytes.IndexByte(text, '\n'); k >= 0 {
			line, text = text[:k], text[k+1:]
		} else {
			text = nil
		}
		s := strings.TrimSuffix(string(line[1:]), "\r")
		if !strings.HasPrefix(s, " ") {
			return h
		}
		s = s[1:]
		if first {
			name, ours := strings.CutPrefix(s, mpshead.Model)
			if !ours {
				return h
			}
			h.ours, h.model = true, original(name)
			continue
		}
		h.line(s)
	}
	return h
}

// line reads a comment after the first.
func (h *hints) line(s string) {
	switch s {
	case mpshead.Brackets:
		h.brackets = true
		return
	case mpshead.Negative:
		h.negative = true
		return
	case mpshead.NoObjective:
		h.none = true
		return
	}
	kind, rest, _ := strings.Cut(s, " ")
	written, name, ok := strings.Cut(rest, " is ")
	if !ok || strings.HasSuffix(name, "...") { // three dots end a line that was cut
		return
	}
	name = original(name)
	switch kind {
	case "variable":
		note(&h.vars, written, name)
	case "constraint":
		note(&h.rows, written, name)
	case "set":
		note(&h.sets, written, name)
	case "objective":
		h.objective = name
	}
}

func note(list *map[string]string, written, name string) {
	if *list == nil {
		*list = map[string]string{}
	}
	(*list)[written] = name
}

// original undoes the quoting of a text with control characters.
func original(s string) string {
	if !strings.HasPrefix(s, `"`) || !strings.Contains(s, `\`) {
		return s
	}
	t, err := strconv.Unquote(s)
	if err != nil || !strings.ContainsFunc(t, func(c rune) bool { return c < ' ' || c == 0x7f }) {
		return s
	}
	return t
}

// restore is the name in the model of a written name; changed holds those that were changed.
func (h *hints) restore(written []byte, changed map[string]string) string {
	return string(h.appendRestored(nil, written, changed))
}

func (h *hints) appendRestored(b, written []byte, changed map[string]string) []byte {
	if name, ok := changed[string(written)]; ok {
		return append(b, name...)
	}
	if !h.brackets || bytes.IndexByte(written, '(') < 0 {
		return append(b, written...)
	}
	return mpshead.AppendRestored(b, written)
}
