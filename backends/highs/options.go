package highs

import (
	"fmt"
	"sort"
	"strconv"
	"strings"

	"github.com/gobilevel/bilevel/internal/nearest"
)

// setOptions sets options of the solver by their own names, in alphabetical order. Errors are of type *OptionError.
func setOptions(e engine, options map[string]string) error {
	names := make([]string, 0, len(options))
	for name := range options {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		if err := setOption(e, name, options[name]); err != nil {
			return err
		}
	}
	return nil
}

// reserved options are refused, with the reason.
var reserved = map[string]string{
	"output_flag":    "this library never writes to stdout; set Log to receive the solver's log",
	"log_to_console": "this library never writes to stdout; set Log to receive the solver's log",
	"threads":        "set Threads instead",
}

func setOption(e engine, name, value string) error {
	fail := func(format string, args ...any) error {
		return &OptionError{Name: name, Value: value, Reason: fmt.Sprintf(format, args...)}
	}
	if why, ok := reserved[name]; ok {
		return fail("%s", why)
	}
	kind, known := e.optionType(name)
	if !known {
		return fail("HiGHS %s has no such option%s", nativeVersion(), suggestion(name, e.optionNames()))
	}
	code := 0
	switch kind {
	case boolOption:
		v, err := parseBool(value)
		if err != nil {
			return fail("wants true or false")
		}
		code = e.setBool(name, v)
	case intOption:
		v, err := strconv.ParseInt(value, 10, 32)
		if err != nil {
			return fail("wants an integer of 32 bits")
		}
		code = e.setInt(name, int(v))
	case doubleOption:
		v, err := strconv.ParseFloat(value, 64)
		if err != nil || v != v {
			return fail("wants a number")
		}
		code = e.setDouble(name, v)
	default:
		code = e.setString(name, value)
	}
	if code != 0 {
		return fail("the solver does not take this value")
	}
	return nil
}

func parseBool(s string) (bool, error) {
	switch strings.ToLower(s) {
	case "on":
		return true, nil
	case "off":
		return false, nil
	}
	return strconv.ParseBool(s)
}

// suggestion names the option that is spelt most like name, where one is near.
func suggestion(name string, known []string) string {
	if near := nearest.DidYouMean(name, known); near != "" {
		return "; " + near
	}
	return ""
}

// lineSplitter turns the solver's log, which comes in pieces, into whole lines.
type lineSplitter struct {
	rest string
	line func(string)
}

func (s *lineSplitter) write(text string) {
	s.rest += text
	for {
		line, rest, found := strings.Cut(s.rest, "\n")
		if !found {
			return
		}
		s.rest = rest
		s.line(line)
	}
}

func (s *lineSplitter) flush() {
	if s.rest != "" {
		s.line(s.rest)
		s.rest = ""
	}
}
