//go:build linux || darwin

package main

import (
	"os"
	"syscall"
)

// ownStdout keeps standard output for the command alone: the native solvers' own prints to descriptor 1 (the QP solver of HiGHS 1.10 reports
// internal checks there, whatever its options say) go nowhere instead of into a table or a JSON object. Where that cannot be had,
// it is standard output as it is.
func ownStdout() *os.File {
	fd, err := syscall.Dup(1)
	if err != nil {
		return os.Stdout
	}
	syscall.CloseOnExec(fd)
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return os.Stdout
	}
	defer null.Close()
	if err := copyDescriptor(int(null.Fd()), 1); err != nil {
		return os.Stdout
	}
	return os.NewFile(uintptr(fd), "/dev/stdout")
}
