//go:build cgo && !nohighs

package highs

/*
#cgo CFLAGS: -I/usr/include/highs -I/usr/local/include/highs
#include "control.h"
*/
import "C"

import (
	"runtime/cgo"
	"unsafe"
)

// The functions below are called by control.c, on whatever thread the solver happens to run. They must not panic: a panic
// cannot unwind through C.

//export highsLogLine
func highsLogLine(handle C.uintptr_t, message *C.char) {
	if l := listenerOf(handle); l != nil && l.log != nil {
		l.log(C.GoString(message))
	}
}

//export highsImproved
func highsImproved(handle C.uintptr_t, objective C.double, x *C.double) {
	l := listenerOf(handle)
	if l == nil || l.improved == nil {
		return
	}
	var view []float64
	if x != nil {
		view = unsafe.Slice((*float64)(unsafe.Pointer(x)), l.columns)
	}
	l.improved(float64(objective), view)
}

//export highsProgress
func highsProgress(handle C.uintptr_t, nodes, iterations C.int64_t, primal, dual C.double) {
	if l := listenerOf(handle); l != nil && l.progress != nil {
		l.progress(int(nodes), int(iterations), float64(primal), float64(dual))
	}
}

func listenerOf(handle C.uintptr_t) *listener {
	l, _ := cgo.Handle(handle).Value().(*listener)
	return l
}
