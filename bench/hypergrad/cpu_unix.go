//go:build unix

package main

import (
	"syscall"

	"github.com/gobilevel/bilevel/bench/clock"
)

// cpu is the time that this process has used, in seconds.
func cpu() float64 { return clock.Processor().Seconds() }

// peak is the largest memory of this process in MB, where the system tells it in kB as Linux does.
func peak() int64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return int64(u.Maxrss) / 1024
}
