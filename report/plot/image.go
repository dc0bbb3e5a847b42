package plot

import (
	"image/color"
	"io"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// colours of the lines: those of Okabe and Ito, which people with colour blindness can tell apart.
var colours = []color.RGBA{
	{0, 114, 178, 255}, {213, 94, 0, 255}, {0, 158, 115, 255}, {204, 121, 167, 255}, {230, 159, 0, 255}, {86, 180, 233, 255}, {0, 0, 0, 255},
}

// The size of a picture.
const (
	pictureWidth  = 18 * vg.Centimeter
	pictureHeight = 12 * vg.Centimeter
)

// WriteImage draws the chart as "svg", "png" or "pdf". A proven value is a full disc, one without proof a ring; places where the problem is
// infeasible have a cross at the lower edge, places without answer a triangle. Another format is a *FormatError.
func (c *Chart) WriteImage(w io.Writer, format string) error {
	format, err := known(format)
	if err != nil {
		return err
	}
	p := plot.New()
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = c.Title, c.X, c.Y
	p.Title.Padding = 2 * vg.Millimeter
	x, y := c.extent()
	margin := 0.06 * (y[1] - y[0])
	p.Y.Min, p.Y.Max = y[0]-margin, y[1]+margin
	p.Add(grid())
	for k, l := range c.Lines {
		if err := c.line(p, colours[k%len(colours)], l); err != nil {
			return err
		}
	}
	if err := c.edge(p, Excluded, draw.CrossGlyph{}, "infeasible"); err != nil {
		return err
	}
	if err := c.edge(p, Missing, draw.TriangleGlyph{}, "no answer"); err != nil {
		return err
	}
	// The legend stands above the lines, which the axis makes room for.
	p.Legend.Top, p.Legend.XOffs = true, -3*vg.Millimeter
	p.Y.Max += float64(c.entries()) * 0.055 * (p.Y.Max - p.Y.Min)
	p.X.Min, p.X.Max = x[0]-0.02*(x[1]-x[0]), x[1]+0.02*(x[1]-x[0])
	return write(w, p, format)
}

// entries is the number of lines of the legend.
func (c *Chart) entries() int {
	n := 0
	for _, l := range c.Lines {
		if l.Name != "" {
			n++
		}
	}
	for s := Unproven; s <= Missing; s++ {
		if c.has(s) {
			n++
		}
	}
	return n
}

func grid() *plotter.Grid {
	g := plotter.NewGrid()
	g.Horizontal.Color, g.Vertical.Color = color.Gray{225}, color.Gray{240}
	return g
}

// line draws the pieces of a line and its marks.
func (c *Chart) line(p *plot.Plot, colour color.RGBA, l Line) error {
	var thumbs []plot.Thumbnailer
	for _, piece := range l.pieces() {
		way, err := plotter.NewLine(points(piece))
		if err != nil {
			return err
		}
		way.Color, way.Width = colour, vg.Points(1.2)
		p.Add(way)
		if thumbs == nil {
			thumbs = []plot.Thumbnailer{way}
		}
	}
	for _, s := range []struct {
		state State
		shape draw.GlyphDrawer
	}{{Proven, draw.CircleGlyph{}}, {Unproven, draw.RingGlyph{}}} {
		marks, err := scatter(l.Points, s.state, colour, s.shape)
		if err != nil {
			return err
		}
		if marks != nil {
			p.Add(marks)
			if s.state == Unproven && len(c.Lines) == 1 {
				p.Legend.Add("not proven", marks)
			}
		}
	}
	if l.Name != "" && thumbs != nil {
		p.Legend.Add(l.Name, thumbs...)
	}
	return nil
}

// edge marks the places in a state at the lower edge.
func (c *Chart) edge(p *plot.Plot, s State, shape draw.GlyphDrawer, text string) error {
	var at []Point
	for _, l := range c.Lines {
		for _, q := range l.Points {
			if q.State == s {
				at = append(at, Point{q.X, p.Y.Min, s})
			}
		}
	}
	marks, err := scatter(at, s, color.RGBA{180, 0, 0, 255}, shape)
	if err != nil || marks == nil {
		return err
	}
	p.Add(marks)
	p.Legend.Add(text, marks)
	return nil
}

// scatter is the marks of the points in a state, nil where there is none.
func scatter(list []Point, s State, colour color.RGBA, shape draw.GlyphDrawer) (*plotter.Scatter, error) {
	var some []Point
	for _, q := range list {
		if q.State == s && (q.drawn() || s > Unproven) {
			some = append(some, q)
		}
	}
	if some == nil {
		return nil, nil
	}
	marks, err := plotter.NewScatter(points(some))
	if err != nil {
		return nil, err
	}
	marks.GlyphStyle = draw.GlyphStyle{Color: colour, Radius: vg.Points(2.6), Shape: shape}
	return marks, nil
}

func points(list []Point) plotter.XYs {
	out := make(plotter.XYs, len(list))
	for k, q := range list {
		out[k] = plotter.XY{X: q.X, Y: q.Y}
	}
	return out
}
