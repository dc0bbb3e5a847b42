package main

import "time"

// least is what every alternative gets, and factor how many times our time; together they keep a table from taking days.
const (
	least  = 5 * time.Second
	factor = 4
)

// rivalLimit is the limit of an alternative after we took some seconds: min(limit, max(5 s, 4 x ours)).
func rivalLimit(limit time.Duration, ours float64) time.Duration {
	return min(limit, max(least, time.Duration(factor*ours*float64(time.Second))))
}
