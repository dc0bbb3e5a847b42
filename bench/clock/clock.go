// Package clock measures the time that the processors spend on the running process, which other programs on a machine disturb less than the time
// by the clock on the wall.
package clock
