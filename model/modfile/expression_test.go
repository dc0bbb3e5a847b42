package modfile

import (
	"math"
	"testing"

	"github.com/gobilevel/bilevel/model"
)

// read reads a model text and fails the test if that cannot be done.
func read(t testing.TB, text string, data ...string) *model.Model {
	t.Helper()
	var sources []Source
	for _, d := range data {
		sources = append(sources, Source{"test.dat", []byte(d)})
	}
	m, err := Read("test.mod", []byte(text), sources...)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return m
}

// constant evaluates an expression of numbers and parameters: as the constant of an objective.
func constant(t testing.TB, declarations, expression string) float64 {
	t.Helper()
	m := read(t, declarations+"\nmodel;\nminimize objective_: "+expression+";\n")
	return m.Leader().Objective().F.Const
}

func TestNumbers(t *testing.T) {
	for _, c := range []struct {
		expression string
		want       float64
		reason     string
	}{
		{"1 + 2*3", 7, "product before sum"},
		{"-2^2", -4, "unary minus binds looser than the power"},
		{"2^3^2", 512, "the power is right-associative"},
		{"2**3", 8, "the other spelling of the power"},
		{"2^-1", 0.5, "a sign in an exponent"},
		{"10 - 4 - 3", 3, "left-associative"},
		{"-3 + 5", 2, "a leading sign"},
		{"+3 - -5", 8, "signs before operands"},
		{"1/4", 0.25, "real division"},
		{"100/10/5", 2, "left-associative"},
		{"7 div 2", 3, "integer division"},
		{"-7 div 2", -3, "truncates towards zero"},
		{"7 mod 3", 1, "remainder"},
		{"7 less 3", 4, "positive difference"},
		{"3 less 7", 0, "never negative"},
		{"1 + 5 less 2 + 1", 5, "less binds as + and -"},
		{".5 + 1.e1 + 1e-1 + 2E+1", 30.6, "forms of numbers"},
		{"sum {i in 1..4} i", 10, "sum over a range"},
		{"sum {i in 1..3} i + 100", 106, "sum ends before the next +"},
		{"sum {i in 1..3} i*2 - 1", 11, "sum reaches over a product"},
		{"2*sum {i in 1..3} i*10", 120, "sum as right operand of a product"},
		{"-sum {i in 1..3} i", -6, "sum after a sign"},
		{"sum {i in 1..3, j in i..3} (10*i + j)", 114, "the second set depends on the first index"},
		{"sum {i in 1..3: i <> 2} i", 4, "a condition"},
		{"sum {i in {}} i", 0, "an empty sum"},
		{"prod {i in 1..5} i", 120, "a product"},
		{"prod {i in {}} 7", 1, "an empty product"},
		{"min {i in 1..3} (i - 2)^2", 0, "least value"},
		{"max {i in 1..3} i*(4 - i)", 4, "greatest value"},
		{"min(3, 1, 2) + max(4, 9)", 10, "min and max as functions"},
		{"if 1 = 1 then 2 else 3", 2, "then"},
		{"if 1 = 2 then 2", 0, "without else it is 0"},
		{"3 + if 0 = 1 then 2 else 5*2 + 1", 14, "if as right operand reaches as far as it can"},
		{"if 2 > 1 then if 1 > 2 then 10 else 20 else 30", 20, "else belongs to the nearest if"},
		{"if not 1 = 2 then 5", 5, "not binds looser than a comparison"},
		{"if 1 = 2 or 1 <= 1 and 3 != 4 then 5", 5, "and before or"},
		{"if 1 = 2 || !(2 == 3) && 3 <> 4 then 5", 5, "the other spellings"},
		{"if 3 in 1..5 and 7 not in 1..5 then 1", 1, "in and not in"},
		{"if 2.5 in 1..5 then 1 else 2", 2, "no member of a range of integers"},
		{"if 1..3 within 1..5 and not {1, 9} within 1..5 then 1", 1, "within"},
		{"if (1,2) in {(1,2), (2,3)} then 1", 1, "a tuple in a set"},
		{"if exists {i in 1..5} i^2 = 16 then 1", 1, "exists"},
		{"if forall {i in 1..5} i > 0 then 1", 1, "forall"},
		{"if exists {i in {}} 1 = 1 then 1 else 2", 2, "nothing exists in an empty set"},
		{"if forall {i in {}} 1 = 0 then 1 else 2", 1, "everything holds for all of nothing"},
		{"if 2 then 3", 3, "a number other than 0 is true"},
		{`if "a" = "a" and "a" < "b" then 1`, 1, "strings compare"},
		{"0*(1/0)", 0, "the right factor of an exact 0 is not evaluated"},
		{"if 1 = 1 then 2 else 1/0", 2, "the branch not taken is not evaluated"},
		{"abs(-3) + sqrt(16) + floor(2.7) + ceil(2.1)", 12, ""},
		{"exp(0) + log(1) + log10(1000)", 4, ""},
		{"sin(0) + cos(0) + tan(0) + asin(0) + acos(1) + atan(0) + atan2(0, 1)", 1, ""},
		{"sinh(0) + cosh(0) + tanh(0) + asinh(0) + acosh(1) + atanh(0)", 1, ""},
		{"round(2.567, 1) + round(2.4) + trunc(-2.7) + trunc(3.149, 2) + precision(123.456, 2)", 2.6 + 2 - 2 + 3.14 + 120, ""},
		{"10^6 + 10^-2", 1000000.01, "powers of ten are exact"},
		{"Infinity", math.Inf(1), "has a name, and cannot be an objective"},
	} {
		t.Run(c.expression, func(t *testing.T) {
			if math.IsInf(c.want, 0) {
				_, err := Read("test.mod", []byte("minimize f: "+c.expression+";"))
				if err == nil {
					t.Fatal("an infinite objective was read without an error")
				}
				return
			}
			if got := constant(t, "", c.expression); math.Abs(got-c.want) > 1e-12*math.Max(1, math.Abs(c.want)) {
				t.Errorf("%v, want %v (%s)", got, c.want, c.reason)
			}
		})
	}
}

func TestSets(t *testing.T) {
	const decl = `
set I := {3, 1, 2};
set T ordered := 1..9 by 2;
set C circular := {"mo", "tu", "we"};
set E := { };
set P := {(1,2), (2,3), (1,3)};
set Q := {i in 1..3, j in 1..3: i < j};
set S {i in 1..3} := 1..i;
set N dimen 2 within 1..3 cross 1..3 default {};
set F {i in 1..2} default {i};
set D := if card(I) = 3 then {"x"} else {"y", "z"};
`
	for _, c := range []struct {
		expression string
		want       float64
		reason     string
	}{
		{"card(I) + 10*card(T) + 100*card(E)", 53, "sizes"},
		{"card(5..1)", 0, "a range whose end is before its start is empty"},
		{"card(1..2 by 0.25)", 5, "a step that is no integer"},
		{"card(10..1 by -3)", 4, "a step downwards"},
		{"first(I) + 10*last(I)", 23, "sets keep the order they are written in"},
		{"ord(2, I)", 3, "place in the set"},
		{"next(1, T) + 10*prev(9, T) + 100*next(1, T, 2)", 573, ""},
		{"member(2, I)", 1, ""},
		{`if next("we", C) = "mo" and prev("mo", C) = "we" then 1`, 1, "a circular set goes round"},
		{"sum {t in T: t > first(T)} (t - prev(t))", 8, "the set of an index may be left out"},
		{"sum {t in T} ord(t)", 15, ""},
		{"card(I union {5, 1}) + 10*card(I inter {5, 1}) + 100*card(I diff {1}) + 1000*card(I symdiff {1, 7})", 3214, "1000*3 + 100*2 + 10*1 + 4"},
		{"card(I cross T)", 15, ""},
		{"card({I, T})", 15, "an indexing in the place of a set"},
		{"card(P)", 3, "tuples"},
		{"if P within Q and Q within P then 1", 1, "a set-builder with a condition"},
		{"sum {(i,j) in P} (10*i + j)", 48, "12 + 23 + 13"},
		{"sum {i in 1..2} sum {(i,j) in P} 10^i*j", 10*5 + 100*3, "a bound name selects"},
		{"sum {(i,j) in P, (j,k) in P} (100*i + 10*j + k)", 123, "a name bound in the same indexing selects"},
		{"sum {(i,3) in P} i", 3, "a number selects"},
		{"sum {(i,i+1) in P} i", 3, "an expression selects"},
		{"card(setof {(i,j) in P} i)", 2, "setof"},
		{"card(setof {(i,j) in P} (j,i))", 3, ""},
		{"sum {i in 1..3} card(S[i])", 6, "indexed sets"},
		{"sum {i in 1..3, j in S[i]} 10^j", 3*10 + 2*100 + 1000, ""},
		{"card(N) + card(F[1] union F[2])", 2, "defaults"},
		{"sum {i in {1,2} union {7..8}} i", 18, "braces around a range are an indexing"},
		{"sum {i in {i in I: i > 1}} i", 5, "a set-builder over one name"},
		{"card(D)", 1, "if-then-else of sets"},
		{"card({i in I, j in I: i != j})", 6, ""},
		{"card(P union {(9,9)})", 4, ""},
	} {
		t.Run(c.expression, func(t *testing.T) {
			if got := constant(t, decl, c.expression); math.Abs(got-c.want) > 1e-9 {
				t.Errorf("%v, want %v (%s)", got, c.want, c.reason)
			}
		})
	}
}

func TestParameters(t *testing.T) {
	for _, c := range []struct {
		name, decl, expression string
		want                   float64
	}{
		{"recursion", "param B {i in 0..5} := if i = 0 then 1 else B[i-1]*i;", "B[5]", 120},
		{"long recursion", "param B {i in 0..50000} := if i = 0 then 1 else B[i-1] + 1;", "B[50000]", 50001},
		{"computed from others", "param n := 3; param h = 1/n;", "h*3", 1},
		{"default", "param p {1..3} default 7; data; param p := 2 5;", "p[1] + p[2] + p[3]", 19},
		{"default in data", "param p {1..3}; data; param p default 7 := 2 5;", "p[1] + p[2] + p[3]", 19},
		{"default of an index", "param p {i in 1..3} default 10*i; data; param p := 2 5;", "sum {i in 1..3} p[i]", 45},
		{"let changes what is computed", "param n := 3; param h = 2*n; let n := 10;", "h", 20},
		{"let in a loop", "param n default 0; param m = n + 1; for {i in 1..4} let n := m*i;", "n", 64},
		{"symbolic", `param who symbolic := "tom"; param age {{"tom","ann"}}; data; param age := tom 30 ann 40;`, "age[who]", 30},
		{"symbolic data", "set I; param to {I} symbolic; param v {I}; data; set I := a b; param to := a b b a; param v := a 1 b 2;", `v[to["a"]]`, 2},
		{"symbolic default", `param to symbolic default "b"; param v {{"a","b"}} := 3;`, "v[to]", 3},
		{"restrictions that hold", "param n integer > 0, <= 5, in 1..9 := 3; param b binary := 1; param s symbolic in {'x','y'} := 'x';", "n + b", 4},
		{"used only where it is needed", "param p {1..3}; set S; param q {S}; data; param p := 1 4;", "p[1]", 4},
		{"forward", "param a := 2*b; param b := 4;", "a", 8},
		{"dummy hides a name", "param i := 100; set S := 1..2;", "sum {i in S} i + i", 103},
		{"numbers of any kind as subscripts", "param p {i in {0.5, 1.5, -2, 3000000000}} := 2*i;", "p[0.5] + p[1+0.5] + p[-2] + p[3e9]", 1 + 3 - 4 + 6e9},
		{"strings with quotes", `param p {{"it's", 'say "x"', "a""b"}} := 1;`, `p['it''s'] + p["say ""x"""] + p['a"b']`, 3},
		{"words as names", "param upper := 1; param lower := 2; param diff := 4; param by {1..2} := 8;", "upper + lower + diff + by[1]", 15},
		{"quoted name", "param `my value` := 3;", "`my value`", 3},
		{"CR LF", "param a := 2;\r\nparam b\r\n := 3; # comment\r\n", "a + b", 5},
		{"comments", "param a := 2; /* param\n a := 3; # */ param b := 1; # param c", "a + b", 3},
		{"byte order mark", "\ufeffparam a := 2;", "a", 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := constant(t, c.decl, c.expression); math.Abs(got-c.want) > 1e-9 {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}
