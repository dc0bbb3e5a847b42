package main

import "github.com/gobilevel/bilevel/hypergrad/tasks"

// looks is a linear task that takes the time of the checks of a sampled method, so that it can be left out as peers leave theirs out. A check begins with a whole
// sum of the leader and ends with a report of progress, without a batch between.
type looks struct {
	*tasks.Linear
	open bool
	from float64
	took float64
}

// Leader may begin a check.
func (l *looks) Leader(x, z, gx, gz []float64) float64 {
	if !l.open {
		l.open, l.from = true, cpu()
	}
	return l.Linear.Leader(x, z, gx, gz)
}

// LeaderBatch is a sign that no check is under way.
func (l *looks) LeaderBatch(batch []int, x, z, gx, gz []float64) float64 {
	l.open = false
	return l.Linear.LeaderBatch(batch, x, z, gx, gz)
}

// reported ends a check; it answers the time of all so far.
func (l *looks) reported(now float64) float64 {
	if l.open {
		l.open = false
		l.took += now - l.from
	}
	return l.took
}
