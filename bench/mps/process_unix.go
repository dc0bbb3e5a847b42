//go:build unix

package main

import "syscall"

// processorTime is the time in seconds that the processors have spent on this process, the garbage collector included.
func processorTime() float64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}
