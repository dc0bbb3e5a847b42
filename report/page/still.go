package page

import (
	"math"
	"strconv"

	"github.com/gobilevel/bilevel/report"
)

// The size of a still picture, in units of its view box.
const (
	stillWidth, stillHeight = 900.0, 320.0
	stillLeft, stillRight   = 90.0, 12.0
	stillTop, stillBottom   = 22.0, 284.0
)

// still draws the steps of a chart as SVG, with a title and a description, for where no script runs that draws it.
func (d *document) still(id, label, words string, c *chart) {
	low, high := [2]float64{math.Inf(1), math.Inf(1)}, [2]float64{math.Inf(-1), math.Inf(-1)}
	for _, s := range c.series {
		for _, p := range s.points {
			for k := range low {
				low[k], high[k] = math.Min(low[k], p[k]), math.Max(high[k], p[k])
			}
		}
	}
	for k := range low {
		switch {
		case low[k] > high[k]:
			low[k], high[k] = 0, 1
		case low[k] == high[k]:
			room := math.Max(0.5, 0.05*math.Abs(high[k]))
			low[k], high[k] = low[k]-room, high[k]+room
		case k == 1:
			room := 0.06 * (high[k] - low[k])
			low[k], high[k] = low[k]-room, high[k]+room
		}
	}
	x := func(v float64) string {
		return short(stillLeft + (v-low[0])/(high[0]-low[0])*(stillWidth-stillLeft-stillRight))
	}
	y := func(v float64) string {
		return short(stillBottom - (v-low[1])/(high[1]-low[1])*(stillBottom-stillTop))
	}
	d.line(`<noscript><div class="chart"><svg viewBox="0 0 `, short(stillWidth), ` `, short(stillHeight), `" role="img" aria-labelledby="`, id, `-title" aria-describedby="`, id, `-desc">`)
	d.line(`<title id="`, id, `-title">`, esc(label), `</title>`)
	d.line(`<desc id="`, id, `-desc">`, esc(words), `</desc>`)
	for k := range 5 {
		t := float64(k) / 4
		vx, vy := low[0]+t*(high[0]-low[0]), low[1]+t*(high[1]-low[1])
		d.line(`<path class="grid" d="M`, x(vx), ` `, short(stillTop), `V`, short(stillBottom), `M`, short(stillLeft), ` `, y(vy), `H`, short(stillWidth-stillRight), `"></path>`)
		d.line(`<text x="`, x(vx), `" y="`, short(stillBottom+16), `" text-anchor="middle">`, tick(vx), `</text><text x="`, short(stillLeft-6), `" y="`, y(vy), `" text-anchor="end">`, tick(vy), `</text>`)
	}
	d.line(`<text x="`, short(stillWidth/2), `" y="`, short(stillHeight-5), `" text-anchor="middle">`, esc(c.x), `</text><text x="6" y="14">`, esc(c.y), `</text>`)
	for k, s := range c.series {
		d.puts(`<g class="c`, strconv.Itoa(s.colour%6), `"><path class="way" d="`)
		for i, p := range s.points {
			if i == 0 {
				d.puts(`M`, x(p[0]), ` `, y(p[1]))
			} else {
				d.puts(`H`, x(p[0]), `V`, y(p[1]))
			}
		}
		at := short(stillTop + 14 + 16*float64(k))
		d.line(`"></path><circle class="dot" cx="`, short(stillWidth-150), `" cy="`, at, `" r="4"></circle><text x="`, short(stillWidth-140), `" y="`, at, `">`, esc(s.name), `</text></g>`)
	}
	d.line(`</svg></div></noscript>`)
}

// tick is a number beside an axis: three digits are enough there.
func tick(v float64) string {
	return esc(report.Number(rounded(v)))
}

// rounded has three significant digits.
func rounded(v float64) float64 {
	r, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 3, 64), 64)
	if err != nil { // its own text can be read
		return v
	}
	return r
}
