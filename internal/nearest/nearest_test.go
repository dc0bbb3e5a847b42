package nearest

import "testing"

func TestName(t *testing.T) {
	passes := []string{"kkt", "kkt-strong", "big-m", "sos1", "global", "relax:scholtes"}
	for _, c := range []struct{ name, want, reason string }{
		{"bigm", "big-m", "the sign between words is left out"},
		{"BIG_M", "big-m", "case and another sign"},
		{"gloabl", "global", "two letters changed places"},
		{"kktt", "kkt", "one letter too many"},
		{"scholtes", "", "half of the letters are missing"},
		{"magic", "", "nothing is near"},
		{"x", "", "every letter would change"},
		{"", "", "nothing was said"},
	} {
		if got := Name(c.name, passes); got != c.want {
			t.Errorf("%q: %q, want %q: %s", c.name, got, c.want, c.reason)
		}
	}
	if got := DidYouMean("sos", passes); got != "did you mean sos1?" {
		t.Errorf("%q", got)
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"", "abc", 3}, {"kitten", "sitting", 3}, {"flaw", "lawn", 2}} {
		if got, back := Distance(c.a, c.b), Distance(c.b, c.a); got != c.want || back != c.want {
			t.Errorf("%q to %q: %d and %d, want %d", c.a, c.b, got, back, c.want)
		}
	}
}
