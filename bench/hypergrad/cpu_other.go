//go:build !unix

package main

import "time"

var began = time.Now()

// cpu is the wall time since the start where the system's CPU time is not asked for.
func cpu() float64 { return time.Since(began).Seconds() }

// peak is unknown.
func peak() int64 { return 0 }
