package main

import (
	"github.com/spf13/cobra"

	"github.com/gobilevel/bilevel"
)

// attitudeFlag is the value of --attitude.
type attitudeFlag struct{ bilevel.Attitude }

func (f *attitudeFlag) flag(c *cobra.Command) {
	c.Flags().Var(f, "attitude", "how followers break ties between optimal answers: optimistic (for the leader), pessimistic (against it), or the `weight` of the optimistic value from 0 to 1")
	complete(c, "attitude", []string{"optimistic", "pessimistic", "0.5"})
}

func (f *attitudeFlag) Type() string { return "weight" }

// Set reads the flag; flagError says what is expected where it fails.
func (f *attitudeFlag) Set(s string) error {
	a, err := bilevel.ParseAttitude(s)
	if err != nil {
		return err
	}
	f.Attitude = a
	return nil
}
