//go:build unix

package main

import (
	"syscall"
	"time"
)

// processorTime is the time that the process has spent computing, on all processors together.
func processorTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
