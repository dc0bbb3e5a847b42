package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/report/page"
)

// responseFlags say along which variable the followers' response is looked at.
type responseFlags struct {
	along   string
	answers []string
	points  int
}

func (f *responseFlags) flags(c *cobra.Command) {
	c.Flags().StringVar(&f.along, "along", "", "draw what the followers answer along that variable of the leader: `name`, or name=from:to")
	c.Flags().StringArrayVar(&f.answers, "answer", nil, "draw that `variable` of a follower along it (repeatable; default: up to four that change the most)")
	c.Flags().IntVar(&f.points, "points", 41, "`number` of values along it; as many more are added where something jumps")
}

// options checks the flags against the model.
func (f *responseFlags) options(m *bilevel.Model) (bilevel.ResponseOptions, error) {
	o := bilevel.ResponseOptions{Along: f.along, Answers: f.answers, Points: f.points}
	if f.along == "" {
		if len(f.answers) > 0 {
			return o, &usageError{"--answer " + f.answers[0] + ": there is no --along", "give the leader's variable that changes, --along NAME"}
		}
		return o, nil
	}
	if k := strings.LastIndexByte(f.along, '='); k > 0 {
		var from, to string
		var ok bool
		o.Along = f.along[:k]
		if from, to, ok = strings.Cut(f.along[k+1:], ":"); ok {
			var errFrom, errTo error
			o.From, errFrom = strconv.ParseFloat(from, 64)
			o.To, errTo = strconv.ParseFloat(to, 64)
			ok = errFrom == nil && errTo == nil && o.From < o.To
		}
		if !ok {
			return o, &usageError{fmt.Sprintf("--along %s: %q is no range", f.along, f.along[k+1:]), "write --along name, or --along name=from:to, for example --along t=0:10"}
		}
	}
	return o, o.Check(m)
}

// reportFlags are the flags of the page.
type reportFlags struct {
	file, network string
	response      responseFlags
}

func (f *reportFlags) flags(c *cobra.Command) {
	c.Flags().StringVar(&f.file, "report", "", "also write the answer as a page for a browser, complete in itself, to that `file`")
	f.response.flags(c)
	c.Flags().StringVar(&f.network, "network", "", "draw those `variables` as flows on a network in the page: their last two subscripts are the ends of a link (default: chosen where it is plain; none)")
}

// options checks the flags before the solve, which may take long.
func (f *reportFlags) options(m *bilevel.Model) (bilevel.ReportOptions, error) {
	o := bilevel.ReportOptions{Network: f.network}
	if f.file == "" {
		for _, given := range []struct{ flag, value string }{{"along", f.response.along}, {"network", f.network}} {
			if given.value != "" {
				return o, &usageError{"--" + given.flag + " " + given.value + ": there is no --report", "give the page a file, --report out.html; bilevelc plot draws without one"}
			}
		}
		return o, nil
	}
	var err error
	if o.Response, err = f.response.options(m); err != nil {
		return o, err
	}
	if f.network != "" && f.network != "none" {
		_, err = page.FindNetwork(m, make([]float64, m.NumVars()), f.network)
	}
	return o, err
}

// record keeps the events of the solve where there is a page to show them; it goes after what else listens.
func (f *reportFlags) record(opt *bilevel.Options) *bilevel.Recording {
	recording := &bilevel.Recording{}
	if f.file != "" {
		listener := opt.Events
		opt.Events = func(e bilevel.Event) {
			recording.Record(e)
			if listener != nil {
				listener(e)
			}
		}
	}
	return recording
}

// writePage writes the page of a result.
func (a *app) writePage(ctx context.Context, file string, r *bilevel.Result, o bilevel.ReportOptions) error {
	var b bytes.Buffer
	if err := bilevel.WriteReport(ctx, &b, r, o); err != nil {
		return classified(err)
	}
	return a.writeTo(file, func(w io.Writer) error { _, err := b.WriteTo(w); return err })
}
