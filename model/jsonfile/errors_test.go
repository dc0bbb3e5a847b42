package jsonfile_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/jsonfile"
)

const head = `{"format": "bilevel-model", "version": 1`

func TestErrors(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"empty", ``, `m.json:1:1: the end of the file where an object is expected`},
		{"no object", `[1]`, `m.json:1:1: a list where an object is expected`},
		{"no format", `{"version": 1}`, `m.json:1:1: the member format is missing; write "format": "bilevel-model"`},
		{"no version", `{"format": "bilevel-model"}`, `m.json:1:1: the member version is missing; write "version": 1`},
		{"other format", `{"format": "x"}`, `m.json:1:12: format: the format is x; this reader takes "bilevel-model"`},
		{"later version", `{"format": "bilevel-model", "version": 2}`, `m.json:1:40: version: 2 is not an integer between 1 and 1`},
		{"unknown member", head + `, "vars": []}`, `m.json:1:43: unknown member vars; it may have format, version, name, notes, players, variables, constraints, pairs, sos1, indicators, impliedPairs, impliedInequalities and expressions`},
		{"twice", head + `, "name": "a", "name": "b"}`, `m.json:1:56: the member name stands there twice; keep one`},
		{"wrong type", head + ",\n\"variables\": [{\"name\": \"x\"},\n{\"name\": 3}]}", `m.json:3:10: variables[1].name: a number where a text in quotes is expected`},
		{"null", head + `, "variables": [{"name": "x", "lower": null}]}`, `m.json:1:80: variables[0].lower: null where a number is expected`},
		{"unnamed", head + `, "variables": [{"lower": 0}]}`, `m.json:1:57: variables[0]: the member name is missing`},
		{"unknown kind", head + `, "variables": [{"name": "x", "kind": "semi"}]}`, `m.json:1:79: variables[0].kind: the kind semi; it is continuous, integer or binary`},
		{"huge number", head + `, "variables": [{"name": "x", "upper": 1e999}]}`, `m.json:1:80: variables[0].upper: 1e999 is beyond the range of numbers; leave a bound out where there is none`},
		{"bad number", head + `, "variables": [{"name": "x", "upper": 01}]}`, `m.json:1:80: variables[0].upper: 01 is not a number`},
		{"half an index", head + `, "variables": [{"name": "x", "owner": 0.5}]}`, `m.json:1:80: variables[0].owner: 0.5 is not an integer between 0 and 2147483647`},
		{"no such player", head + `, "variables": [{"name": "x", "owner": 1}]}`, `m.json:1:57: variables[0].owner: there is no player 1; the file has 1 of them, counted from 0`},
		{"no such variable", head + `, "constraints": [{"name": "c", "function": {"linear": [[0, 1]]}}]}`, `m.json:1:85: constraints[0].function.linear[0]: there is no variable 0; the file has 0 of them, counted from 0`},
		{"short pair of numbers", head + `, "constraints": [{"name": "c", "function": {"linear": [[0]]}}]}`, `m.json:1:97: constraints[0].function.linear[0]: 1 values where 2 are expected; write [variable, coefficient]`},
		{"no function", head + `, "constraints": [{"name": "c"}]}`, `m.json:1:59: constraints[0]: the member function is missing`},
		{"no such expression", head + `, "constraints": [{"name": "c", "function": {"nonlinear": 4}}]}`, `m.json:1:85: constraints[0].function.nonlinear: there is no expression 4; the file has 0 of them, counted from 0`},
		{"later expression", head + `, "expressions": [{"op": "const", "value": 1}, {"op": "exp", "arguments": [1]}]}`, `m.json:1:116: expressions[1].arguments[0]: 1 is not an integer between 0 and 0`},
		{"arguments missing", head + `, "expressions": [{"op": "const", "value": 1}, {"op": "^", "arguments": [0]}]}`, `m.json:1:88: expressions[1]: not the number of arguments that ^ has; see the schema`},
		{"members of another operation", head + `, "expressions": [{"op": "exp", "value": 1}]}`, `m.json:1:59: expressions[0]: members that do not fit the operation exp; besides op it has arguments`},
		{"unknown operation", head + `, "expressions": [{"op": "gamma", "arguments": []}]}`, `m.json:1:66: expressions[0].op: the operation gamma; it is one of const, var, sum, *, /, ^, exp, log, ...: see the schema`},
		{"side of a pair", head + `, "pairs": [{"name": "p", "a": {"variable": 0, "side": "value"}}]}`, `m.json:1:96: pairs[0].a.side: the side value; it is lower or upper, or in a mixed pair range for a and value for b`},
		{"member of a pair", head + `, "pairs": [{"name": "p", "a": {"variable": 0, "constraint": 0, "side": "lower"}}]}`, `m.json:1:72: pairs[0].a: a member of a pair is a variable or a constraint; write one of the two members`},
		{"mixed with a slack", head + `, "variables": [{"name": "x", "lower": 0}], "pairs": [{"name": "p", "a": {"variable": 0, "side": "range"}, "b": {"variable": 0, "side": "lower"}}]}`, `m.json:1:95: pairs[0]: a range and a slack do not make a pair; pair range with value, or lower or upper with lower or upper`},
		{"leader's name", head + `, "players": [{"name": "boss"}]}`, `m.json:1:55: players[0].name: the first player is called boss; call it leader: the first player is the leader`},
		{"two of a name", head + `, "players": [{"name": "leader"}, {"name": "f"}, {"name": "f"}]}`, `m.json:1:90: players[2].name: a second follower f; give it another name`},
		{"dual of the leader's", head + `, "variables": [{"name": "c.dual", "dualOf": 0}], "constraints": [{"name": "c", "function": {}}]}`, `m.json:1:57: variables[0].dualOf: constraint 0 is the leader's; only constraints of followers have a dual that the leader sees`},
		{"weights", head + `, "sos1": [{"name": "s", "variables": [], "weights": [1]}]}`, `m.json:1:52: sos1[0]: not as many weights as variables; write a weight for each, or none`},
		{"no such row", head + `, "indicators": [{"constraint": 2, "binary": 0, "when": true}]}`, `m.json:1:58: indicators[0].constraint: there is no constraint 2; the file has 0 of them, counted from 0`},
		{"a text without end", head + `, "name": "x`, `m.json:1:52: name: a text without end; close it by "`},
		{"escape", head + `, "name": "\x"}`, `m.json:1:52: name: an escape that JSON does not have; use \" \\ \/ \b \f \n \r \t or \u and four digits`},
		{"tail", head + `} 3`, `m.json:1:43: a number after the end of the document; write one model a file`},
		{"comma", head + ` "name": ""}`, `m.json:1:42: a text where a comma or } is expected`},
	} {
		_, err := jsonfile.Parse("m.json", []byte(c.text))
		var e *jsonfile.Error
		if !errors.As(err, &e) {
			t.Errorf("%s: %v is no *Error", c.name, err)
			continue
		}
		if err.Error() != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, err, c.want)
		}
	}
}

func TestMistakesOfTheModel(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       error
	}{
		{"bounds", `, "variables": [{"name": "x", "lower": 2, "upper": 1}]}`, model.ErrContradiction},
		{"scope", `, "players": [{"name": "leader"}, {"name": "f"}, {"name": "g", "objective": {"sense": "minimize", "function": {"linear": [[0, 1]]}}}], "variables": [{"name": "x", "owner": 1}, {"name": "y", "owner": 2}]}`, model.ErrScope},
		{"pair without a bound", `, "variables": [{"name": "x"}], "pairs": [{"name": "p", "a": {"variable": 0, "side": "lower"}, "b": {"variable": 0, "side": "upper"}}]}`, model.ErrContradiction},
	} {
		if _, err := jsonfile.Parse("", []byte(head+c.text)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

// What the schema refuses, the reader refuses: random changes of good documents.
func TestReaderIsAsStrictAsTheSchema(t *testing.T) {
	refused := 0
	for seed := range uint64(1200) {
		m := anything(seed % 60)
		if m.Err() != nil {
			continue
		}
		rng := rand.New(rand.NewPCG(seed, 3))
		doc := decode(t, write(t, "before", m))
		where := change(rng, &doc, "")
		text, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		verdict := schema(t).check(doc)
		_, err = jsonfile.Parse("", text)
		if verdict != nil {
			refused++
			if err == nil {
				t.Fatalf("seed %d: changed %s: the schema says %v, the reader nothing:\n%s", seed, where, verdict, text)
			}
		}
	}
	if refused < 300 {
		t.Errorf("only %d documents were spoilt", refused)
	}
}

// change makes one change somewhere in a document and says where.
func change(rng *rand.Rand, at *any, path string) string {
	switch v := (*at).(type) {
	case map[string]any:
		var keys []string
		for k := range v {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		switch {
		case rng.IntN(6) == 0:
			v["extra"] = 1.0
			return path + ".extra added"
		case len(keys) == 0:
		case rng.IntN(6) == 0:
			k := keys[rng.IntN(len(keys))]
			delete(v, k)
			return path + "." + k + " removed"
		default:
			k := keys[rng.IntN(len(keys))]
			sub := v[k]
			where := change(rng, &sub, path+"."+k)
			v[k] = sub
			return where
		}
	case []any:
		if len(v) > 0 && rng.IntN(8) > 0 {
			k := rng.IntN(len(v))
			return change(rng, &v[k], fmt.Sprintf("%s[%d]", path, k))
		}
		if rng.IntN(2) == 0 {
			*at = append(v, 1.5)
			return path + " lengthened"
		}
	}
	*at = []any{"text", -1.0, 0.5, true, nil, map[string]any{}, []any{}, 1e9}[rng.IntN(8)]
	return path + " replaced"
}

func TestEscapes(t *testing.T) {
	text := head + `, "name": "a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00\ud83dz"}`
	m, err := jsonfile.Parse("", []byte(text))
	if want := "a\"\\/\b\f\n\r\té😀\ufffdz"; err != nil || m.Name != want {
		t.Errorf("got %q, %v, want %q", m.Name, err, want)
	}
}

// A chain of sums and products in which everything is used twice takes time linear in the length of the file.
func TestSharedExpressionsAreNotMultipliedOut(t *testing.T) {
	var b strings.Builder
	b.WriteString(head + `, "variables": [{"name": "x"}, {"name": "y"}], "expressions": [{"op": "var", "variable": 0}, {"op": "var", "variable": 1}`)
	n := 300
	for k := range n {
		op := `{"op": "sum", "terms": [[1, %d], [2, %d]]}`
		if k%2 == 1 {
			op = `{"op": "*", "arguments": [%d, %d]}`
		}
		fmt.Fprintf(&b, ", "+op, k, k+1)
	}
	b.WriteString(`], "constraints": [{"name": "c", "function": {"nonlinear": `)
	fmt.Fprintf(&b, "%d}}", n+1)
	for k := range 200 {
		fmt.Fprintf(&b, `, {"name": "c%d", "function": {"nonlinear": %d}}`, k, n-k%3)
	}
	b.WriteString("]}")
	m, err := jsonfile.Parse("", []byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	if size := m.DAG().Len(); size > 20*n {
		t.Errorf("%d expressions became %d", n, size)
	}
}
