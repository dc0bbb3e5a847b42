package hypergrad

import (
	"crypto/sha256"
	"fmt"
	"math"
	"strings"
)

// setting is an option that decides which steps a run makes.
type setting struct{ Name, Value string }

// probe are F and f at the point of a state, by which the problem is known again; NaN where the problem has none.
type probe struct{ Leader, Follower float64 }

func probeOf(o *oracles, x, y []float64) probe {
	p := probe{o.Problem.Leader(x, y, nil, nil), math.NaN()}
	if !isA[Contraction](o.Problem) {
		p.Follower = o.Problem.Follower(x, y, nil, nil)
	}
	return p
}

// options are those of a run of Minimize; limits and the tolerance may be others when it is continued.
func (r *leaderRun) options() []setting {
	o := &r.opt
	s := []setting{{"accuracy", fmt.Sprint(uint8(o.Accuracy))}, {"set", setWords(o.Set)}, {"engine options", fmt.Sprintf("%+v", r.e.opt)}}
	if o.Loop == QuasiNewton {
		return append(s, setting{"pairs", fmt.Sprint(o.Pairs)}, setting{"first move", fmt.Sprint(o.FirstMove)})
	}
	return append(s, setting{"steps", stepWords(o.Steps)})
}

func (r *sampledRun) options() []setting {
	o := &r.opt
	return []setting{{"options of the method", fmt.Sprintf("%+v", o.Method)}, {"seed", fmt.Sprint(o.Seed)}, {"batch", fmt.Sprint(o.Batch)}, {"consecutive", fmt.Sprint(o.Consecutive)},
		{"checks every", fmt.Sprint(o.CheckEvery)},
		{"unguarded", fmt.Sprint(o.Unguarded)}, {"set", setWords(o.Set)}, {"steps of y", stepWords(o.YSteps)}, {"steps of v", stepWords(o.VSteps)}, {"steps of x", stepWords(o.XSteps)}}
}

func stepWords(s Steps) string {
	if s == nil {
		return "the default"
	}
	return strings.TrimPrefix(fmt.Sprintf("%T %+v", s, s), "hypergrad.")
}

// setWords names a set; long lists of bounds are told by a checksum.
func setWords(s Set) string {
	switch s.(type) {
	case nil:
		return "none"
	case Box, Ball, Simplex:
		text := strings.TrimPrefix(fmt.Sprintf("%T %+v", s, s), "hypergrad.")
		if len(text) > 100 {
			sum := sha256.Sum256([]byte(text))
			return fmt.Sprintf("%T with the checksum %x", s, sum[:4])
		}
		return text
	}
	return fmt.Sprintf("%T", s)
}

// fits refuses states of another run: of another kind or size, with other options, or of a problem that has other values where the state stands.
func (s *State) fits(kind string, o *oracles, now []setting) error {
	if s.Iteration < 0 {
		return badOption("the state is of iteration %d; it was damaged", s.Iteration)
	}
	if s.Version != stateVersion || s.Kind != kind || s.N != o.n || s.M != o.m {
		return badOption("the state is of %s (version %d) with %d leader and %d follower variables, the run of %s (version %d) with %d and %d; resume with the options of the run that saved it",
			s.Kind, s.Version, s.N, s.M, kind, stateVersion, o.n, o.m)
	}
	old := map[string]string{}
	for _, t := range s.Options {
		old[t.Name] = t.Value
	}
	var differ []string
	for _, t := range now {
		if old[t.Name] != t.Value {
			differ = append(differ, fmt.Sprintf("%s: %s there, %s here", t.Name, old[t.Name], t.Value))
		}
	}
	if differ != nil {
		return badOption("the state is of a run with other options (%s); resume with the same", strings.Join(differ, "; "))
	}
	return nil
}

// whole refuses states of Minimize whose vectors do not fit together.
func (s *State) whole() error {
	rows := 0
	for _, v := range []struct {
		name     string
		want     int
		optional bool
	}{{"x", s.N, false}, {"gradient", s.N, false}, {"y", s.M, false}, {"v", s.M, false}, {"answer", s.M, false}, {"last", s.N, true}, {"q", s.M, true},
		{"factor x", s.N, true}, {"factor y", s.M, len(s.Vectors["factor x"]) == 0}, {"norms", len(s.Vectors["values"]), false}} {
		if k := len(s.Vectors[v.name]); k != v.want && !(v.optional && k == 0) {
			return badOption("the state has %d entries of %s in place of %d; it was damaged", k, v.name, v.want)
		}
	}
	for _, list := range []string{"s", "y"} {
		for _, v := range s.Lists[list] {
			if rows++; len(v) != s.N {
				return badOption("the state has a pair of %d entries for %d leader variables; it was damaged", len(v), s.N)
			}
		}
	}
	if rows != 2*len(s.Lists["s"]) {
		return badOption("the state has %d and %d halves of pairs; it was damaged", len(s.Lists["s"]), len(s.Lists["y"]))
	}
	return nil
}

// knows refuses states of another problem, after the vectors were found to have the right lengths.
func (s *State) knows(o *oracles, x, y []float64) error {
	same := func(a, b float64) bool {
		return a == b || math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= 1e-9*(math.Abs(a)+math.Abs(b))
	}
	now := probeOf(o, x, y)
	for _, c := range []struct {
		name      string
		then, now float64
	}{{"leader's", s.Probe.Leader, now.Leader}, {"follower's", s.Probe.Follower, now.Follower}} {
		if !same(c.then, c.now) {
			return badOption("the state is of other data: at its point the %s objective was %v and is %v; resume with the problem of the run that saved it", c.name, c.then, c.now)
		}
	}
	return nil
}
