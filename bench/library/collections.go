package library

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
)

// parseCollection reads the index of a public collection, a list of objects with many keys of which a few matter. Which collection it is, the
// keys of the first object tell.
func (l *Library) parseCollection(file string, text []byte) error {
	var list []map[string]any
	if err := json.Unmarshal(text, &list); err != nil {
		line, reason := mistake(text, text, int64(len(text)), err)
		return &IndexError{File: file, Line: line, Reason: reason, Remedy: "an index is an object with the key problems, or the list of a public collection, whose entries are objects", Err: err}
	}
	if len(list) == 0 {
		return nil
	}
	var read func(map[string]any) (Problem, error)
	first := list[0]
	switch has := func(k string) bool { _, ok := first[k]; return ok }; {
	case has("F_best"):
		// Many of the stored values have three digits only, hence 1e-2.
		l.Rule, read = Rule{Objective: 1e-2, Feasibility: 1e-6, FollowerGap: 1e-5}, l.bolib
	case has("mod") && has("target"):
		l.Rule, read = Rule{Objective: 1e-4, Feasibility: 1e-6, NoPointAgrees: true}, l.macMPEC
	case has("mps") && has("optimal"):
		l.Rule, read = Rule{Objective: 1e-4}, l.mibs
	default:
		return &IndexError{File: file, Reason: "the list is that of no collection that is known (BOLIB, MacMPEC, MibS)", Remedy: `write an index of your own: {"problems": [{"model": "FILE.mod", "value": 500}]}`}
	}
	for k, e := range list {
		p, err := read(e)
		if err != nil {
			return &IndexError{File: file, Reason: fmt.Sprintf("entry %d: %v", k+1, err), Err: err}
		}
		l.Problems = append(l.Problems, p)
	}
	return nil
}

// word is a string of an entry, "" where it is null or not there.
func word(e map[string]any, key string) string {
	s, _ := e[key].(string)
	return s
}

// required is a string of an entry that has to be there.
func required(e map[string]any, key string) (string, error) {
	s := word(e, key)
	if s == "" {
		return "", fmt.Errorf("no %s", key)
	}
	return s, nil
}

// bolib reads an entry of BOLIB. F_check is the value of an independent computation and counts before F_best; null says there that the
// problem has no optimum. The status 1 of a value is the word of the source, which has been refuted more than once: it is not taken for a proof.
func (l *Library) bolib(e map[string]any) (Problem, error) {
	name, err := required(e, "name")
	if err != nil {
		return Problem{}, err
	}
	p := Problem{Name: name, Files: l.inFolder(name + ".mod"), Note: word(e, "note")}
	v, checked := e["F_check"]
	if !checked {
		v = e["F_best"]
	}
	switch f, ok := v.(float64); {
	case ok:
		p.Known = known(f, false)
	case checked:
		p.Known = Known{Kind: NoOptimum, Value: math.NaN()}
	default:
		p.Known = known(math.NaN(), false)
	}
	return p, nil
}

// macMPEC reads an entry of MacMPEC. A value is proven where all branches were enumerated, which the key global tells; the letter I stands for
// instances that are listed as infeasible.
func (l *Library) macMPEC(e map[string]any) (Problem, error) {
	name, err := required(e, "id")
	if err != nil {
		return Problem{}, err
	}
	mod, err := required(e, "mod")
	if err != nil {
		return Problem{}, err
	}
	files := []string{mod}
	if dat := word(e, "dat"); dat != "" {
		files = append(files, dat)
	}
	p := Problem{Name: name, Files: l.inFolder(files...), Known: known(math.NaN(), false)}
	if notes, ok := e["notes"].([]any); ok {
		var parts []string
		for _, n := range notes {
			parts = append(parts, fmt.Sprint(n))
		}
		p.Note = strings.Join(parts, "; ")
	}
	switch t := e["target"].(type) {
	case float64:
		g, proven := e["global"].(float64)
		p.Known = known(t, proven && math.Abs(g-t) <= l.Rule.Objective*max(1, math.Abs(t)))
	case string:
		if t != "I" {
			return Problem{}, fmt.Errorf("%s: target %q", name, t)
		}
		p.Known = Known{Kind: Infeasible, Value: math.NaN()}
	}
	return p, nil
}

// mibs reads an entry of the data set of MibS, whose values two exact methods agree on.
func (l *Library) mibs(e map[string]any) (Problem, error) {
	name, err := required(e, "name")
	if err != nil {
		return Problem{}, err
	}
	mps, err := required(e, "mps")
	if err != nil {
		return Problem{}, err
	}
	files := []string{mps}
	if aux := word(e, "aux"); aux != "" {
		files = append(files, aux)
	}
	p := Problem{Name: name, Files: l.inFolder(files...), Known: known(math.NaN(), false)}
	if v, ok := e["optimal"].(float64); ok {
		p.Known = known(v, true)
	}
	return p, nil
}
