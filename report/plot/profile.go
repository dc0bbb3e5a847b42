package plot

import (
	"io"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

// Profile is a picture of staircases: for each line the share of Of things whose value is at most x, over a logarithmic axis. With the
// times of several methods, divided by the best time on each problem, it is the performance profile of Dolan and Moré.
type Profile struct {
	Title, X, Y string
	Names       []string    // of the lines
	Values      [][]float64 // of each line, rising and positive
	Of          int         // how many things there are; a line ends at len(values)/Of
}

// WriteImage draws the profile as "svg", "png" or "pdf". Another format is a *FormatError.
func (c *Profile) WriteImage(w io.Writer, format string) error {
	format, err := known(format)
	if err != nil {
		return err
	}
	p := plot.New()
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = c.Title, c.X, c.Y
	p.Title.Padding = 2 * vg.Millimeter
	from, to := c.extent()
	p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, plot.LogTicks{Prec: -1}
	p.Y.Tick.Marker = plot.ConstantTicks{{Value: 0, Label: "0 %"}, {Value: 0.25, Label: "25 %"}, {Value: 0.5, Label: "50 %"}, {Value: 0.75, Label: "75 %"}, {Value: 1, Label: "100 %"}}
	p.Add(grid())
	for k, values := range c.Values {
		line, err := plotter.NewLine(c.steps(values, from, to))
		if err != nil {
			return err
		}
		line.Color, line.Width = colours[k%len(colours)], vg.Points(1.4)
		if k >= len(colours) { // a second round through the colours is dashed
			line.Dashes = []vg.Length{vg.Points(4), vg.Points(2)}
		}
		p.Add(line)
		p.Legend.Add(c.Names[k], line)
	}
	// The legend stands above the lines, which the axis makes room for.
	p.Legend.Top, p.Legend.Left, p.Legend.XOffs = true, true, 3*vg.Millimeter
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = from, to, 0, 1.02+0.055*float64(len(c.Names))
	return write(w, p, format)
}

// extent is the range of the axis: all values, to the powers of ten around them.
func (c *Profile) extent() (from, to float64) {
	from, to = math.Inf(1), 0
	for _, values := range c.Values {
		if n := len(values); n > 0 {
			from, to = min(from, values[0]), max(to, values[n-1])
		}
	}
	if to == 0 {
		return 1, 10
	}
	from = math.Pow(10, math.Floor(math.Log10(from)+1e-9))
	to = math.Pow(10, math.Ceil(math.Log10(to*1.05)-1e-9))
	if to <= from {
		to = 10 * from
	}
	return from, to
}

// steps is the staircase of rising values.
func (c *Profile) steps(values []float64, from, to float64) plotter.XYs {
	line := plotter.XYs{{X: from, Y: 0}}
	share := func(k int) float64 {
		if c.Of == 0 {
			return 0
		}
		return float64(k) / float64(c.Of)
	}
	for k, v := range values {
		line = append(line, plotter.XY{X: v, Y: share(k)}, plotter.XY{X: v, Y: share(k + 1)})
	}
	return append(line, plotter.XY{X: to, Y: share(len(values))})
}
