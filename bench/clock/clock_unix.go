//go:build unix

package clock

import (
	"syscall"
	"time"
)

// Processor is the time that the process has spent computing, on all processors together, the garbage collector included; 0 where it is not known.
func Processor() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
