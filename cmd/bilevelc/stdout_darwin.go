package main

import "syscall"

// copyDescriptor makes descriptor to a copy of descriptor from.
func copyDescriptor(from, to int) error { return syscall.Dup2(from, to) }
