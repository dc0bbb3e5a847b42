package export

import (
	"html"
	"io"
	"strings"

	"github.com/gobilevel/bilevel/model"
)

// WriteMathML writes what WriteLaTeX writes as a piece of an HTML page: a heading h3 for each part of the model, and its formulas as MathML,
// which browsers show by themselves. Names are escaped; the piece holds no script, no style and no address. Each formula is a div of
// the class formula; in it the range of its indices is of the class through, its name of the class label.
//
// It returns the mistakes of m.Err, or the error of w.
func WriteMathML(w io.Writer, m *model.Model, more ...Part) error {
	parts, err := documents(m, more)
	if err != nil {
		return err
	}
	t := newText(w)
	line := func(s ...string) {
		for _, x := range s {
			t.puts(x)
		}
		t.newline()
	}
	for _, p := range parts {
		if p.heading != "" {
			line(`<h3 class="stage">`, html.EscapeString(p.heading), `</h3>`)
		}
		for _, b := range p.blocks {
			line(`<h3>`, html.EscapeString(b.title), `</h3>`)
			for _, l := range b.lines {
				t.puts(`<div class="formula">` + mathML(l.formula))
				if l.through != "" {
					t.puts(`<span class="through">` + mathML(l.through) + `</span>`)
				}
				if l.name != "" {
					t.puts(`<span class="label">` + html.EscapeString(l.name) + `</span>`)
				}
				line(`</div>`)
			}
			if len(b.texts) > 0 {
				line(`<ul>`)
				for _, s := range b.texts {
					line(`<li>`, html.EscapeString(s), `</li>`)
				}
				line(`</ul>`)
			}
		}
	}
	return t.flush()
}

// mathML turns a formula, as the functions of this package write them in LaTeX, into MathML. It knows the commands that they use; another
// one is shown as it is written.
func mathML(formula string) string {
	p := &mathParser{s: formula}
	return `<math display="block" class="math">` + p.row("") + `</math>`
}

// mathParser reads a formula from left to right.
type mathParser struct {
	s  string
	at int
}

// next returns the next token: a command with its backslash, a number, or one character; "" at the end. Blanks separate and mean nothing.
func (p *mathParser) next() string {
	for p.at < len(p.s) && p.s[p.at] == ' ' {
		p.at++
	}
	from := p.at
	if from == len(p.s) {
		return ""
	}
	p.at++
	switch c := p.s[from]; {
	case c == '\\' && p.at < len(p.s):
		p.at++
		if isLetter(p.s[p.at-1]) {
			for p.at < len(p.s) && isLetter(p.s[p.at]) {
				p.at++
			}
		}
	case c >= '0' && c <= '9':
		for p.at < len(p.s) && (p.s[p.at] >= '0' && p.s[p.at] <= '9' || p.s[p.at] == '.') {
			p.at++
		}
	case c >= 0x80:
		for p.at < len(p.s) && p.s[p.at]&0xc0 == 0x80 {
			p.at++
		}
	}
	return p.s[from:p.at]
}

// peek is the next token, which stays.
func (p *mathParser) peek() string {
	at := p.at
	t := p.next()
	p.at = at
	return t
}

// row reads atoms up to the end or to a token that ends the row, which is taken.
func (p *mathParser) row(end string) string {
	var b strings.Builder
	for {
		switch t := p.peek(); t {
		case end, "":
			p.next()
			return b.String()
		case "&", `\\`, "}", `\right`, `\end`: // of an enclosing row
			return b.String()
		}
		b.WriteString(p.scripted())
	}
}

// scripted reads an atom with its subscript and superscript.
func (p *mathParser) scripted() string {
	limits := false
	switch p.peek() {
	case `\sum`, `\min`, `\max`:
		limits = true
	}
	base := p.atom()
	var sub, sup string
	for {
		switch p.peek() {
		case "_":
			p.next()
			sub = p.atom()
			continue
		case "^":
			p.next()
			sup = p.atom()
			continue
		}
		break
	}
	switch {
	case sub != "" && sup != "" && limits:
		return "<munderover>" + base + sub + sup + "</munderover>"
	case sub != "" && sup != "":
		return "<msubsup>" + base + sub + sup + "</msubsup>"
	case sub != "" && limits:
		return "<munder>" + base + sub + "</munder>"
	case sub != "":
		return "<msub>" + base + sub + "</msub>"
	case sup != "":
		return "<msup>" + base + sup + "</msup>"
	}
	return base
}

// mathSigns are the commands that stand for one sign, those that relate or join first.
var mathSigns = map[string]string{`\le`: "≤", `\ge`: "≥", `\ne`: "≠", `\in`: "∈", `\perp`: "⟂", `\cdot`: "·", `\wedge`: "∧", `\vee`: "∨", `\neg`: "¬",
	`\Longrightarrow`: "⟹", `\leftarrow`: "←", `\bmod`: "mod", `\sum`: "∑", `\{`: "{", `\}`: "}", `\langle`: "⟨", `\rangle`: "⟩", `\lfloor`: "⌊", `\rfloor`: "⌋",
	`\lceil`: "⌈", `\rceil`: "⌉", `\%`: "%", `\#`: "#", `\$`: "$", `\&`: "&", `\_`: "_"}

// mathNames are the commands that stand for a name.
var mathNames = map[string]string{`\infty`: "∞", `\dots`: "…", `\cdots`: "⋯", `\square`: "□", `\alpha`: "α", `\beta`: "β", `\gamma`: "γ", `\delta`: "δ", `\epsilon`: "ϵ",
	`\zeta`: "ζ", `\eta`: "η", `\theta`: "θ", `\iota`: "ι", `\kappa`: "κ", `\lambda`: "λ", `\mu`: "μ", `\nu`: "ν", `\xi`: "ξ", `\pi`: "π", `\rho`: "ρ", `\sigma`: "σ",
	`\tau`: "τ", `\upsilon`: "υ", `\phi`: "ϕ", `\chi`: "χ", `\psi`: "ψ", `\omega`: "ω"}

// mathWords are the commands that are functions or operators with a name.
var mathWords = map[string]bool{`\min`: true, `\max`: true, `\exp`: true, `\ln`: true, `\log`: true, `\sin`: true, `\cos`: true, `\tan`: true, `\arcsin`: true, `\arccos`: true,
	`\arctan`: true, `\sinh`: true, `\cosh`: true, `\tanh`: true}

func (p *mathParser) atom() string {
	t := p.next()
	switch {
	case t == "":
		return "<mrow></mrow>"
	case strings.Contains("()[]|", t) || t == `\{` || t == `\}`: // of the size of a letter, other than those of \left and \right
		return `<mo stretchy="false">` + strings.TrimPrefix(t, `\`) + "</mo>"
	case t == "{":
		return "<mrow>" + p.row("}") + "</mrow>"
	case t[0] >= '0' && t[0] <= '9':
		return "<mn>" + t + "</mn>"
	case len(t) == 1 && isLetter(t[0]):
		return "<mi>" + t + "</mi>"
	case mathNames[t] != "":
		return "<mi>" + mathNames[t] + "</mi>"
	case mathSigns[t] != "":
		return "<mo>" + html.EscapeString(mathSigns[t]) + "</mo>"
	case mathWords[t]:
		return "<mi>" + t[1:] + "</mi>"
	}
	switch t {
	case "-":
		return "<mo>−</mo>"
	case `\,`:
		return `<mspace width="0.17em"></mspace>`
	case `\ `:
		return `<mspace width="0.35em"></mspace>`
	case `\quad`:
		return `<mspace width="1em"></mspace>`
	case `\mathit`:
		return `<mi class="name">` + html.EscapeString(p.raw()) + "</mi>"
	case `\mathrm`, `\operatorname`:
		return `<mi mathvariant="normal">` + html.EscapeString(p.raw()) + "</mi>"
	case `\text`:
		return "<mtext>" + strings.ReplaceAll(html.EscapeString(p.raw()), " ", "\u00a0") + "</mtext>"
	case `\mathbb`:
		return "<mi>" + strings.NewReplacer("R", "ℝ", "Z", "ℤ").Replace(html.EscapeString(p.raw())) + "</mi>"
	case `\mathcal`:
		return `<mi class="script">` + html.EscapeString(p.raw()) + "</mi>"
	case `\hat`:
		return "<mover>" + p.atom() + "<mo>^</mo></mover>"
	case `\frac`:
		return "<mfrac>" + p.atom() + p.atom() + "</mfrac>"
	case `\sqrt`:
		return "<msqrt>" + p.atom() + "</msqrt>"
	case `\left`:
		open := p.fence()
		inside := p.row(`\right`)
		return "<mrow>" + open + inside + p.fence() + "</mrow>"
	case `\begin`:
		p.raw()
		return p.cases()
	}
	if t[0] == '\\' {
		return "<mtext>" + html.EscapeString(t) + "</mtext>"
	}
	return "<mo>" + html.EscapeString(t) + "</mo>"
}

// fence reads a bracket that grows with what it encloses.
func (p *mathParser) fence() string {
	t := p.next()
	if sign := mathSigns[t]; sign != "" {
		t = sign
	}
	return "<mo>" + html.EscapeString(t) + "</mo>"
}

// cases reads the lines of an environment up to its end.
func (p *mathParser) cases() string {
	var b strings.Builder
	b.WriteString("<mrow><mo>{</mo><mtable><mtr><mtd>")
	for {
		b.WriteString(p.row(""))
		switch p.next() {
		case "&":
			b.WriteString("</mtd><mtd>")
		case `\\`:
			b.WriteString("</mtd></mtr><mtr><mtd>")
		case `\end`:
			p.raw()
			b.WriteString("</mtd></mtr></mtable></mrow>")
			return b.String()
		case "":
			b.WriteString("</mtd></mtr></mtable></mrow>")
			return b.String()
		}
	}
}

// rawSigns are the ways in which textEscape writes characters that mean something in LaTeX.
var rawSigns = strings.NewReplacer(`\textbackslash{}`, `\`, `\textasciicircum{}`, "^", `\textasciitilde{}`, "~", `\text{-}`, "-", `\{`, "{", `\}`, "}", `\$`, "$", `\&`, "&",
	`\%`, "%", `\#`, "#", `\_`, "_")

// raw reads an argument in braces as text.
func (p *mathParser) raw() string {
	if p.at >= len(p.s) || p.s[p.at] != '{' {
		return ""
	}
	p.at++
	from, depth := p.at, 1
	for ; p.at < len(p.s); p.at++ {
		switch p.s[p.at] {
		case '\\':
			p.at++
		case '{':
			depth++
		case '}':
			depth--
		}
		if depth == 0 {
			break
		}
	}
	text := p.s[from:min(p.at, len(p.s))]
	p.at = min(p.at+1, len(p.s))
	return rawSigns.Replace(text)
}
