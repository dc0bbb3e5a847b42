// Package highsread lets HiGHS read problem files, as a yardstick for readers.
package highsread

import (
	"errors"
	"time"
)

// ErrAbsent is the error of a program that was built without HiGHS.
var ErrAbsent = errors.New("this program was built without HiGHS: build it with cgo and without the tag nohighs")

// Reading is what HiGHS read of a file, and the time that it took.
type Reading struct {
	Cols, Rows, Nonzeros int
	Wall                 time.Duration // by the clock
	Processor            time.Duration // computing; 0 where it is not known
}
