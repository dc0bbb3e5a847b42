//go:build !linux && !darwin

package main

import "os"

// ownStdout is standard output.
func ownStdout() *os.File { return os.Stdout }
