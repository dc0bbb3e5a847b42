package main

import (
	"bytes"
	"os"
	"strconv"
)

// peakMemory is the largest resident memory that this process has had, in bytes; 0 where the kernel does not tell.
func peakMemory() int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range bytes.Lines(status) {
		if rest, ok := bytes.CutPrefix(line, []byte("VmHWM:")); ok {
			f := bytes.Fields(rest)
			if len(f) == 0 {
				return 0
			}
			kB, _ := strconv.ParseInt(string(f[0]), 10, 64)
			return kB << 10
		}
	}
	return 0
}
