package modfile

import (
	"math"
	"strconv"
)

// element is a member of a set: a number or a string, as a small number of its own. Integers within ±2^30 are coded in it; other
// numbers and strings are entries of a table, so that equal members have equal codes and comparing needs no table.
type element uint32

const (
	elementBias  = 1 << 30
	elementTable = 1 << 31 // this bit marks an entry of the table
)

// elementValue is an entry of the table.
type elementValue struct {
	number bool
	num    float64
	text   string
}

// elements is the table of numbers and strings. A child sees its parent's entries and adds its own without touching the parent, which
// may be shared by any number of children.
type elements struct {
	parent *elements
	first  int // index of the first own entry
	list   []elementValue
	texts  map[string]element
	nums   map[float64]element
}

func newElements(parent *elements) *elements {
	t := &elements{parent: parent, texts: map[string]element{}, nums: map[float64]element{}}
	if parent != nil {
		t.first = parent.first + len(parent.list)
	}
	return t
}

// number returns the element of a number.
func (t *elements) number(v float64) element {
	if v == math.Trunc(v) && v >= -elementBias && v < elementBias {
		return element(int64(v) + elementBias)
	}
	if e, ok := t.findNumber(v); ok {
		return e
	}
	e := element(t.first+len(t.list)) | elementTable
	t.list = append(t.list, elementValue{number: true, num: v})
	t.nums[v] = e
	return e
}

// findNumber returns the element of a number if there is one.
func (t *elements) findNumber(v float64) (element, bool) {
	if v == math.Trunc(v) && v >= -elementBias && v < elementBias {
		return element(int64(v) + elementBias), true
	}
	for u := t; u != nil; u = u.parent {
		if e, ok := u.nums[v]; ok {
			return e, true
		}
	}
	return 0, false
}

// text returns the element of a string.
func (t *elements) text(s string) element {
	if e, ok := t.findText(s); ok {
		return e
	}
	e := element(t.first+len(t.list)) | elementTable
	t.list = append(t.list, elementValue{text: s})
	t.texts[s] = e
	return e
}

func (t *elements) findText(s string) (element, bool) {
	for u := t; u != nil; u = u.parent {
		if e, ok := u.texts[s]; ok {
			return e, true
		}
	}
	return 0, false
}

// textOf is text without making a string for those that exist.
func (t *elements) textOf(b []byte) element {
	if e, ok := t.texts[string(b)]; ok {
		return e
	}
	return t.text(string(b))
}

func (t *elements) value(e element) elementValue {
	if e&elementTable == 0 {
		return elementValue{number: true, num: float64(int64(e) - elementBias)}
	}
	i := int(e &^ elementTable)
	for u := t; u != nil; u = u.parent {
		if i >= u.first {
			return u.list[i-u.first]
		}
	}
	return elementValue{}
}

// num returns the number that an element is, and whether it is one.
func (t *elements) num(e element) (float64, bool) {
	if e&elementTable == 0 {
		return float64(int64(e) - elementBias), true
	}
	v := t.value(e)
	return v.num, v.number
}

// name writes an element as it stands in a subscript: numbers plain, strings in double quotes.
func (t *elements) name(e element) string { return string(t.appendName(nil, e)) }

func (t *elements) appendName(b []byte, e element) []byte {
	if e&elementTable == 0 {
		return strconv.AppendInt(b, int64(e)-elementBias, 10)
	}
	v := t.value(e)
	if v.number {
		return append(b, formatNumber(v.num)...)
	}
	return appendQuoted(b, v.text)
}

// appendQuoted writes a string in double quotes; a double quote inside is doubled.
func appendQuoted(b []byte, s string) []byte {
	b = append(b, '"')
	for i := 0; i < len(s); i++ {
		if s[i] == '"' {
			b = append(b, '"')
		}
		b = append(b, s[i])
	}
	return append(b, '"')
}

// names writes a tuple as it stands between brackets.
func (t *elements) names(key []element) string {
	var b []byte
	for k, e := range key {
		if k > 0 {
			b = append(b, ',')
		}
		b = t.appendName(b, e)
	}
	return string(b)
}
