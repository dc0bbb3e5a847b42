// Package mpshead holds what the comments at the head of an MPS file say, which package export writes and model/mpsaux reads: what the format
// has no place for.
package mpshead

import "bytes"

// The comments, after "* ". The first line of all is Model and the name of the model; each name that AppendRestored does not turn back has a line
// "variable A is B", "constraint A is B", "set A is B" or "objective A is B", where A stands in the file and B in the model.
const (
	Model       = "Model "
	Brackets    = "brackets of names are written as parentheses, and quotes are left out"
	Negative    = "the objective is the negative of what is maximised"
	NoObjective = "there is no objective"
)

// AppendRestored appends a written name with the brackets and quotes that it had by rule: parentheses were brackets, and what stands between
// commas within them stood in quotes unless it is a number.
func AppendRestored(b, written []byte) []byte {
	open := bytes.IndexByte(written, '(')
	if open < 1 || written[len(written)-1] != ')' || bytes.IndexByte(written[open+1:], '(') >= 0 {
		for _, c := range written {
			switch c {
			case '(':
				c = '['
			case ')':
				c = ']'
			}
			b = append(b, c)
		}
		return b
	}
	b = append(append(b, written[:open]...), '[')
	sub := written[open+1 : len(written)-1]
	for {
		item, rest, more := bytes.Cut(sub, comma)
		if number(item) {
			b = append(b, item...)
		} else {
			b = append(append(append(b, '"'), item...), '"')
		}
		if !more {
			return append(b, ']')
		}
		b = append(b, ',')
		sub = rest
	}
}

var comma = []byte{','}

// number reports whether a text is digits with at most one period.
func number(b []byte) bool {
	periods, digits := 0, 0
	for _, c := range b {
		switch {
		case c == '.':
			periods++
		case c >= '0' && c <= '9':
			digits++
		default:
			return false
		}
	}
	return digits > 0 && periods <= 1
}
