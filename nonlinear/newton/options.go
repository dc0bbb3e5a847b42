package newton

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// settings are the options of Options.Native.
type settings struct {
	monotone bool
	polish   bool
	blocks   bool
	threads  int // on blocks at the same time, 0: as many as there are processors
	attempts int
	relax    float64
}

// native is an option by its name.
type native struct {
	name, values string
	set          func(s *settings, value string) error
}

// natives lists the options of the solver's own.
var natives = []native{
	{"barrier", "adaptive (the default) or monotone: how the barrier parameter is chosen", func(s *settings, v string) error {
		return choose(v, &s.monotone, "monotone", "adaptive")
	}},
	{"polish", "yes (the default) or no: whether Newton's method on the nonsmooth system ends a solve and begins a warm one", func(s *settings, v string) error {
		return choose(v, &s.polish, "yes", "no")
	}},
	{"blocks", "yes (the default) or no: whether blocks of the linear systems that a few variables join, like those of several followers, are factorised at the same time", func(s *settings, v string) error {
		return choose(v, &s.blocks, "yes", "no")
	}},
	{"threads", "0 to 1024, default 0: the largest number of blocks that are factorised at the same time, 0: as many as there are processors", func(s *settings, v string) error {
		n, err := strconv.Atoi(v)
		if err != nil || n < 0 || n > 1024 {
			return fmt.Errorf("not a number from 0 to 1024")
		}
		s.threads = n
		return nil
	}},
	{"attempts", "1 to 4, default 4: how often a solve that has failed is begun anew in another way", func(s *settings, v string) error {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 || n > 4 {
			return fmt.Errorf("not a number from 1 to 4")
		}
		s.attempts = n
		return nil
	}},
	{"relax", "0 to 1e-4, default 1e-8: by what factor of max(1, |bound|) bounds are moved outwards until the end of a solve", func(s *settings, v string) error {
		x, err := strconv.ParseFloat(v, 64)
		if err != nil || !(x >= 0 && x <= 1e-4) {
			return fmt.Errorf("not a number from 0 to 1e-4")
		}
		s.relax = x
		return nil
	}},
}

// choose sets a switch by one of two words.
func choose(v string, on *bool, yes, no string) error {
	switch v {
	case yes:
		*on = true
	case no:
		*on = false
	default:
		return fmt.Errorf("neither %s nor %s", yes, no)
	}
	return nil
}

// OptionError says that a setting in Options.Native is unknown or has a value that it cannot have.
type OptionError struct {
	Name, Value string
	Reason      string
}

func (e *OptionError) Error() string {
	return fmt.Sprintf("newton: option %s = %q: %s", e.Name, e.Value, e.Reason)
}

// readNative reads Options.Native, in the order of the names.
func readNative(options map[string]string) (settings, error) {
	s := settings{polish: true, blocks: true, attempts: 4, relax: relaxFactor}
	names := make([]string, 0, len(options))
	for name := range options {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		k := slices.IndexFunc(natives, func(n native) bool { return n.name == name })
		if k < 0 {
			known := make([]string, len(natives))
			for i, n := range natives {
				known[i] = n.name
			}
			return s, &OptionError{name, options[name], "there is no such option; there are " + strings.Join(known, ", ")}
		}
		if err := natives[k].set(&s, options[name]); err != nil {
			return s, &OptionError{name, options[name], err.Error() + "; it is " + natives[k].values}
		}
	}
	return s, nil
}
