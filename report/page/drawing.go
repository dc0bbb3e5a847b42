package page

import (
	"math"

	"github.com/gobilevel/bilevel/report"
)

// The size of the drawing.
const (
	networkWidth, networkHeight = 1000.0, 760.0
	networkMargin               = 50.0
)

// network draws the links, the wider the more goes over them, and lists them.
func (d *document) network() {
	n := d.p.Network
	text := `The width of a link stands for ` + esc(n.Flow)
	if n.Price != "" {
		text += `; links with ` + esc(n.Price) + ` have another colour, and its value beside them`
	}
	d.line(`<p>`, text, `. Where the nodes stand is chosen so that their distances are about the numbers of links between them.</p>`)
	if len(n.Links) <= mostLinks {
		d.drawing(n)
	}
	from, to := make([]string, len(n.Links)), make([]string, len(n.Links))
	flow, price := make([]float64, len(n.Links)), make([]float64, len(n.Links))
	for k, l := range n.Links {
		from[k], to[k], flow[k], price[k] = n.Nodes[l.From], n.Nodes[l.To], l.Flow, l.Price
	}
	t := &dataTable{rows: len(n.Links), value: 2}
	t.texts("from", from)
	t.texts("to", to)
	t.numbers(n.Flow, flow)
	if n.Price != "" {
		t.numbers(n.Price, price)
	}
	d.dataTable("links", "Links", t)
}

func (d *document) drawing(n *Network) {
	at := layout(n)
	most := 0.0
	for _, l := range n.Links {
		most = math.Max(most, math.Abs(l.Flow))
	}
	d.line(`<figure><svg class="network" viewBox="0 0 `, short(networkWidth), ` `, short(networkHeight), `" role="img" aria-labelledby="network-title">`)
	d.line(`<title id="network-title">`, esc(n.Flow), ` on `, report.Count(len(n.Nodes), "node"), ` and `, report.Count(len(n.Links), "link"), `</title>`)
	var labels []string
	for _, l := range n.Links {
		a, b := at[l.From], at[l.To]
		dx, dy := b[0]-a[0], b[1]-a[1]
		length := math.Hypot(dx, dy)
		if length == 0 {
			continue
		}
		// Both directions of a road bend to their right, so that each is seen.
		nx, ny := -dy/length, dx/length
		bend := 0.10 * length
		cx, cy := (a[0]+b[0])/2+bend*nx, (a[1]+b[1])/2+bend*ny
		width := 1.0
		class := "link"
		switch {
		case math.Abs(l.Flow) <= 1e-9*math.Max(1, most):
			class += " idle"
		case most > 0:
			width += 8 * math.Abs(l.Flow) / most
		}
		name := n.Nodes[l.From] + " to " + n.Nodes[l.To] + ": " + n.Flow + " " + report.Number(l.Flow)
		if !math.IsNaN(l.Price) {
			class += " priced"
			name += ", " + n.Price + " " + report.Number(l.Price)
			labels = append(labels, `<text class="price" x="`+short((a[0]+b[0])/2+1.7*bend*nx)+`" y="`+short((a[1]+b[1])/2+1.7*bend*ny)+`">`+esc(report.Number(l.Price))+`</text>`)
		}
		d.puts(`<path class="`, class, `" stroke-width="`, short(width), `" d="M`, short(a[0]), ` `, short(a[1]), `Q`, short(cx), ` `, short(cy), ` `, short(b[0]), ` `, short(b[1]), `"><title>`, esc(name), `</title></path>`)
		// The arrow stands in the middle of the bend, where the curve goes the way of the link.
		mx, my, ux, uy, size := (a[0]+b[0])/2+bend/2*nx, (a[1]+b[1])/2+bend/2*ny, dx/length, dy/length, 4+width/2
		d.line(`<path class="`, class, `" stroke-width="1.5" d="M`, short(mx-size*ux+size*nx), ` `, short(my-size*uy+size*ny), `L`, short(mx+size*ux), ` `, short(my+size*uy),
			`L`, short(mx-size*ux-size*nx), ` `, short(my-size*uy-size*ny), `"></path>`)
	}
	radius := 13.0
	if len(n.Nodes) > 60 {
		radius = 5
	}
	for k, name := range n.Nodes {
		d.puts(`<circle cx="`, short(at[k][0]), `" cy="`, short(at[k][1]), `" r="`, short(radius), `"><title>`, esc(name), `</title></circle>`)
		if radius > 10 {
			d.puts(`<text x="`, short(at[k][0]), `" y="`, short(at[k][1]), `">`, esc(name), `</text>`)
		}
		d.line()
	}
	for _, l := range labels {
		d.line(l)
	}
	d.line(`</svg></figure>`)
}
