// Package nearest finds the name that somebody may have meant.
package nearest

import (
	"strings"
	"unicode"
)

// Name is the one of names that is spelt most like name: with the fewest letters inserted, deleted or replaced, where case, and signs between words,
// count for nothing. It is "" where none is near, which is to say where more than a third of the letters, and one, would have to change. The first of
// several that are as near is taken.
func Name(name string, names []string) string {
	plain := letters(name)
	best, distance := "", len(plain)/3+2
	for _, n := range names {
		if d := Distance(plain, letters(n)); d < distance && d < max(len(plain), 1) {
			best, distance = n, d
		}
	}
	return best
}

// DidYouMean is "did you mean NAME?", or "" where no name is near.
func DidYouMean(name string, names []string) string {
	if n := Name(name, names); n != "" {
		return "did you mean " + n + "?"
	}
	return ""
}

// letters are the letters and digits of a name, in lower case.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, s)
}

// Distance is the least number of insertions, deletions and replacements of bytes that make b of a (Levenshtein's), computed row by row.
func Distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			replace := diagonal
			if a[i-1] != b[j-1] {
				replace++
			}
			diagonal = row[j]
			row[j] = min(replace, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}
