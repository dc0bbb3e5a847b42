package export

import (
	"io"
	"strings"

	"github.com/gobilevel/bilevel/model"
)

// WriteMarkdown writes what WriteLaTeX writes as Markdown: headings, and formulas between lines of $$, which GitHub, GitLab, Jupyter and
// Pandoc show as mathematics.
func WriteMarkdown(w io.Writer, m *model.Model, more ...Part) error {
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
	line("# ", markdownEscape(title(m)))
	for k, p := range parts {
		if k > 0 {
			line()
			line("# ", markdownEscape(p.heading))
		}
		for _, b := range p.blocks {
			line()
			line("## ", markdownEscape(b.title))
			line()
			if len(b.lines) > 0 {
				line("$$")
				line(`\begin{aligned}`)
				for i, l := range b.lines {
					end := ` \\`
					if i == len(b.lines)-1 {
						end = ""
					}
					line(aligned(l), end)
				}
				line(`\end{aligned}`)
				line("$$")
			}
			for _, s := range b.texts {
				line("- ", markdownEscape(s))
			}
		}
	}
	return t.flush()
}

var markdownReplacer = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, ">", `\>`, "#", `\#`, "|", `\|`,
	"$", `\$`, "\n", " ", "\r", " ")

// markdownEscape writes a text so that Markdown shows it as it is.
func markdownEscape(s string) string { return markdownReplacer.Replace(s) }
