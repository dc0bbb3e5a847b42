// Package page writes the answer of a solve as one HTML page: the model as mathematics, its structure, the plan, progress, the solution as
// tables, the certificate in words, the followers' response along one variable of the leader, and flows on a network.
//
// The page needs nothing besides itself: its script and style are part of it, it names no address, and a content security policy in it
// forbids the browser to load anything. All texts of the model are escaped. The same input gives the same bytes.
package page

import (
	"bufio"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html"
	"io"
	"strings"

	"github.com/gobilevel/bilevel/export"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/report"
)

//go:embed page.css
var style string

//go:embed table.js
var tableScript string

//go:embed chart.js
var chartScript string

// Page is what a page shows. Summary with its Model is needed; a part that is nil or empty is left out of the page.
type Page struct {
	Summary     *report.Summary
	Point       *model.Point        // the answer with its shadow prices
	Explanation *report.Explanation // classification and plan
	Further     []export.Part       // more stages to be written as mathematics, as the KKT system
	Stages      []Stage             // the model and what each pass makes of it
	Progress    []report.State      // in the order in which they came
	Response    *Response
	Network     *Network
	Remarks     []string // what could not be shown, and why
	Brief       bool     // leave the mathematics out: for models that are too large to be read
}

// Stage is the model after a pass.
type Stage struct {
	Name  string // of the pass
	Model *model.Model
}

// Write writes the page. It returns the mistakes of Model.Err, or the error of w.
func Write(w io.Writer, p *Page) error {
	if err := p.Summary.Model.Err(); err != nil {
		return err
	}
	d := &document{w: bufio.NewWriterSize(w, 1<<16), p: p, m: p.Summary.Model}
	name := d.m.Name
	if name == "" {
		name = "model"
	}
	d.page(name, report.StatusWord(p.Summary.Status), d.verdict, d.sections())
	if d.err != nil {
		return d.err
	}
	return d.w.Flush()
}

// document is a page that is being written. Errors of the writer stick in w, those of the parts in err.
type document struct {
	w   *bufio.Writer
	p   *Page
	m   *model.Model
	err error
}

// puts writes HTML as it is.
func (d *document) puts(parts ...string) {
	for _, s := range parts {
		d.w.WriteString(s)
	}
}

// line writes HTML and ends the line.
func (d *document) line(parts ...string) {
	d.puts(parts...)
	d.w.WriteByte('\n')
}

// esc writes a text so that it is read as a text, in an element or in an attribute in double quotes.
func esc(s string) string { return html.EscapeString(strings.ToValidUTF8(s, "\uFFFD")) }

// section is a part of the page with its place in the list of contents.
type section struct {
	id, title string
	write     func()
}

// page writes the page around its sections, the first of which is the answer.
func (d *document) page(name, subtitle string, verdict func(), sections []section) {
	script := tableScript + chartScript
	d.line(`<!DOCTYPE html>`)
	d.line(`<html lang="en">`)
	d.line(`<head>`)
	d.line(`<meta charset="utf-8">`)
	d.line(`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; base-uri 'none'; form-action 'none'; script-src `, digest(script), `; style-src `, digest(style), `">`)
	d.line(`<meta name="viewport" content="width=device-width, initial-scale=1">`)
	d.line(`<meta name="color-scheme" content="light dark">`)
	d.line(`<title>`, esc(name), `: `, esc(subtitle), `</title>`)
	d.line(`<style>`, style, `</style>`)
	d.line(`</head>`)
	d.line(`<body>`)
	d.line(`<a class="skip" href="#answer">Skip to the answer</a>`)
	d.line(`<header><div>`)
	d.line(`<h1>`, esc(name), `</h1>`)
	verdict()
	d.line(`</div></header>`)
	d.line(`<nav aria-label="Contents"><ul>`)
	for _, s := range sections {
		d.line(`<li><a href="#`, s.id, `">`, esc(s.title), `</a></li>`)
	}
	d.line(`</ul></nav>`)
	d.line(`<main>`)
	d.line(`<noscript><p class="warn">The tables and the interactive charts of this page need its script; all else is readable without.</p></noscript>`)
	for _, s := range sections {
		d.line(`<section id="`, s.id, `" aria-labelledby="h-`, s.id, `">`)
		d.line(`<h2 id="h-`, s.id, `">`, esc(s.title), `</h2>`)
		s.write()
		d.line(`</section>`)
	}
	d.line(`</main>`)
	d.line(`<footer><p>Written by bilevel. This page is complete in itself and loads nothing.</p></footer>`)
	d.line(`<script>`, script, `</script>`)
	d.line(`</body>`)
	d.line(`</html>`)
}

// digest is the source expression by which the policy of the page allows one text, and no other.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// sections are the parts that the page has.
func (d *document) sections() []section {
	p := d.p
	list := []section{{"answer", "Answer", d.answer}}
	add := func(some bool, id, title string, write func()) {
		if some {
			list = append(list, section{id, title, write})
		}
	}
	add(!p.Brief, "model", "Model", d.mathematics)
	add(p.Explanation != nil && p.Explanation.Classification != nil || len(p.Stages) > 0, "structure", "Structure", d.structure)
	add(p.Explanation != nil || len(p.Summary.Plan) > 0, "plan", "Plan", d.plan)
	add(hasProgress(p.Progress), "progress", "Progress", d.progress)
	add(p.Summary.X != nil, "solution", "Solution", d.solution)
	add(p.Summary.Certificate != nil, "certificate", "Certificate", d.certificate)
	add(p.Response != nil, "response", "Response", d.response)
	add(p.Network != nil, "network", "Network", d.network)
	return list
}

// mathematics writes the model as formulas.
func (d *document) mathematics() {
	if err := export.WriteMathML(d.w, d.m); err != nil {
		d.err = err
		return
	}
	for _, part := range d.p.Further {
		d.line(`<details><summary>`, esc(part.Heading), `</summary>`)
		if err := export.WriteMathML(d.w, part.Model); err != nil {
			d.err = err
			return
		}
		d.line(`</details>`)
	}
}

// list writes texts as a list, those beyond a number that reads well behind a line that opens them.
func (d *document) list(texts []string) {
	const many = 12
	if len(texts) == 0 {
		return
	}
	items := func(texts []string) {
		d.line(`<ul>`)
		for _, s := range texts {
			d.line(`<li>`, esc(s), `</li>`)
		}
		d.line(`</ul>`)
	}
	if len(texts) <= many+3 {
		items(texts)
		return
	}
	items(texts[:many])
	d.line(`<details><summary>`, report.Count(len(texts)-many, "more line"), `</summary>`)
	items(texts[many:])
	d.line(`</details>`)
}
