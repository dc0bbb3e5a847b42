package export

import (
	"io"
	"strings"

	"github.com/gobilevel/bilevel/model"
)

// Part is a further stage of a model in a document: its KKT system, for example.
type Part struct {
	Heading string
	Model   *model.Model
}

// WriteLaTeX writes a model, and further stages of it, as mathematics in a LaTeX document (packages amsmath and amssymb): for each player
// the objective, constraints, complementarity pairs (0 <= a ⟂ b >= 0) and the domains of the variables, then sets and data.
//
// Families are written as a person would: x_{i} for all i = 1, ..., n, with a sum over an index where the terms of a constraint are just
// the members of a family with the same other indices. Coefficients and right-hand sides that differ from one member to the next
// become arrays, whose values are listed. What has no such form is written term by term, and what is long is cut with the number of
// terms or constraints that are left out.
//
// It returns the mistakes of m.Err, or the error of w.
func WriteLaTeX(w io.Writer, m *model.Model, more ...Part) error {
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
	line(`\documentclass{article}`)
	line(`\usepackage[utf8]{inputenc}`)
	line(`\usepackage[a4paper,margin=2cm]{geometry}`)
	line(`\usepackage{amsmath,amssymb}`)
	line(`\allowdisplaybreaks`)
	line(`\begin{document}`)
	line(`\section*{`, textEscape(title(m)), `}`)
	for k, p := range parts {
		section := `\subsection*{`
		if k > 0 {
			line(`\section*{`, textEscape(p.heading), `}`)
		}
		for _, b := range p.blocks {
			line(section, textEscape(b.title), `}`)
			if len(b.lines) > 0 {
				line(`\begin{align*}`)
				for i, l := range b.lines {
					end := ` \\`
					if i == len(b.lines)-1 {
						end = ""
					}
					line(aligned(l), end)
				}
				line(`\end{align*}`)
			}
			if len(b.texts) > 0 {
				line(`\begin{itemize}`)
				for _, s := range b.texts {
					line(`\item `, textEscape(s))
				}
				line(`\end{itemize}`)
			}
		}
	}
	line(`\end{document}`)
	return t.flush()
}

// part is a stage in blocks.
type part struct {
	heading string
	blocks  []mathBlock
}

func documents(m *model.Model, more []Part) ([]part, error) {
	list := append([]Part{{"", m}}, more...)
	var parts []part
	for _, p := range list {
		if err := p.Model.Err(); err != nil {
			return nil, err
		}
		parts = append(parts, part{p.Heading, newMathematics(p.Model).document()})
	}
	return parts, nil
}

func title(m *model.Model) string {
	if m.Name == "" {
		return "Model"
	}
	return "Model " + m.Name
}

// aligned writes a line of an environment that aligns at &.
func aligned(l mathLine) string {
	var b strings.Builder
	b.WriteString("& " + l.formula)
	if l.through != "" || l.name != "" {
		b.WriteString(" &&")
		if l.through != "" {
			b.WriteString(" " + l.through)
		}
	}
	if l.name != "" {
		b.WriteString(` && \text{(` + textEscape(l.name) + ")}")
	}
	return b.String()
}
