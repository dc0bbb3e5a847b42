package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/report"
)

func (a *app) backendsCommand() *cobra.Command {
	asJSON := false
	c := &cobra.Command{
		Use:   "backends",
		Short: "List the solvers in this binary, and what is missing",
		Long: `List the solvers that this binary has, with their versions, what they take and what their
answers prove, and those that it was built without, with how to get them.`,
		Args: nothing,
		RunE: func(*cobra.Command, []string) error {
			if asJSON {
				return a.writeBackends()
			}
			return a.showBackends()
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "write one JSON object")
	return c
}

// opened opens all backends of this binary.
func opened() ([]backends.Backend, error) {
	var list []backends.Backend
	for _, name := range backends.Names() {
		b, err := backends.Open(name)
		if err != nil {
			return nil, &solverError{err}
		}
		list = append(list, b)
	}
	return list, nil
}

func (a *app) showBackends() error {
	list, err := opened()
	if err != nil {
		return err
	}
	s := style(a.stdout)
	t := &report.Table{Head: []string{"name", "version", "proves", "takes, besides linear problems"}}
	for _, b := range list {
		c := b.Capabilities()
		takes := "nothing else"
		if c.Takes != 0 {
			takes = c.Takes.String()
		}
		t.Rows = append(t.Rows, []string{b.Name(), b.Version(), c.Proves.String(), takes})
	}
	if len(list) == 0 {
		fmt.Fprintln(a.out, "This binary has no solver.")
	} else if err := t.Write(a.out, s); err != nil {
		return err
	}
	missing := &report.Table{}
	for _, m := range backends.Missing() {
		missing.Rows = append(missing.Rows, []string{m.Name, m.Reason})
	}
	if len(missing.Rows) > 0 {
		fmt.Fprintln(a.out, "\nNot in this binary:")
		return missing.Write(a.out, s)
	}
	return nil
}

func (a *app) writeBackends() error {
	list, err := opened()
	if err != nil {
		return err
	}
	j := newJSON(a.out)
	j.object("", func() {
		j.list("backends", func() {
			for _, b := range list {
				c := b.Capabilities()
				j.object("", func() {
					j.text("name", b.Name())
					j.text("version", b.Version())
					j.list("takes", func() {
						for _, k := range c.Takes.List() {
							j.next()
							j.quote(k.String())
						}
					})
					j.text("proves", c.Proves.String())
					j.boolean("duals", c.Duals)
					j.boolean("warm_start", c.WarmStart)
					j.boolean("cancels", c.Cancels)
				})
			}
		})
		j.list("missing", func() {
			for _, m := range backends.Missing() {
				j.object("", func() {
					j.text("name", m.Name)
					j.text("reason", m.Reason)
				})
			}
		})
	})
	return j.end()
}
