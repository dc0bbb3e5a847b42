package jsonfile_test

import (
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/internal/readertest"
	"github.com/gobilevel/bilevel/model/jsonfile"
)

// TestMemory: what large files of one kind each ask for stays within 50 times their size.
func TestMemory(t *testing.T) {
	const n = 30_000
	many := func(item string) string { return "[" + strings.TrimSuffix(strings.Repeat(item+",", n), ",") + "]" }
	one := `, "variables": [{"name": "x"}]`
	for _, c := range []struct{ name, text string }{
		{"variables", head + `,"variables":` + many(`{"name":"x"}`) + "}"},
		{"empty objects", head + `,"variables":` + many(`{}`) + "}"},
		{"constraints", head + one + `,"constraints":` + many(`{"name":"x"}`) + "}"},
		{"empty constraints", head + one + `,"constraints":` + many(`{}`) + "}"},
		{"players", head + `,"players":` + many(`{}`) + "}"},
		{"empty pairs", head + one + `,"pairs":` + many(`{}`) + "}"},
		{"empty sets", head + one + `,"sos1":` + many(`{}`) + "}"},
		{"empty conditions", head + one + `,"indicators":` + many(`{}`) + "}"},
		{"inequalities", head + one + `,"impliedInequalities":` + many(`{}`) + "}"},
		{"notes", head + `,"notes":` + many(`""`) + "}"},
		{"expressions", head + one + `,"expressions":` + many(`{"op":"var","variable":0}`) + "}"},
		{"empty expressions", head + one + `,"expressions":` + many(`{}`) + "}"},
		{"numbers", head + one + `,"expressions":[` + strings.Repeat(`{"op":"exp","arguments":[0]},`, n) + `{"op":"number","value":1}]}`},
		{"terms", head + one + `,"constraints":[{"name":"c","function":{"linear":` + many("[0,1]") + "}}]}"},
		{"squares", head + one + `,"constraints":[{"name":"c","function":{"quadratic":` + many("[0,0,1]") + "}}]}"},
		{"members", head + one + `,"sos1":[{"name":"s","variables":` + many("0") + "}]}"},
		{"arguments", head + one + `,"expressions":[{"op":"var","variable":0},{"op":"max","arguments":` + many("0") + "}]}"},
		{"a long text", head + `,"name":"` + strings.Repeat("é", 10*n) + `"}`},
		{"brackets", head + `,"name":` + strings.Repeat("[", 10*n)},
	} {
		var err error
		times := readertest.Peak(len(c.text), readertest.Times, func() { _, err = jsonfile.Parse("", []byte(c.text)) })
		t.Logf("%-20s %5.1f times the size, %.200v", c.name, times, err)
		if times > readertest.Times {
			t.Errorf("%s: %.1f times the size of the file", c.name, times)
		}
	}
}
