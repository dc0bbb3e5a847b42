package dataset

import (
	"fmt"
	"path"
	"strings"
)

// Chosen reports whether one of the patterns, which are separated by commas or blanks and have * and ? as file names do, matches a name. No pattern
// stands for all names. A pattern that is none is an error.
func Chosen(patterns, name string) (bool, error) {
	list := strings.FieldsFunc(patterns, func(r rune) bool { return r == ',' || r == ' ' })
	hit := len(list) == 0
	for _, p := range list {
		m, err := path.Match(p, name)
		if err != nil {
			return false, fmt.Errorf("%s: %w", p, err)
		}
		hit = hit || m
	}
	return hit, nil
}
