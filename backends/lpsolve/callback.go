//go:build cgo && !nolpsolve && (linux || darwin || freebsd)

package lpsolve

/*
#include "library.h"
*/
import "C"

import (
	"runtime/cgo"
	"unsafe"
)

// The functions below are called by library.c on the thread of the solve. They must not panic: a panic cannot unwind through C.

//export lpsolveLogLine
func lpsolveLogLine(handle C.uintptr_t, text *C.char) {
	if l, _ := cgo.Handle(handle).Value().(*listener); l != nil && l.log != nil {
		l.log(C.GoString(text))
	}
}

//export lpsolveImproved
func lpsolveImproved(handle C.uintptr_t, x *C.double, nodes, iterations C.longlong) {
	if l, _ := cgo.Handle(handle).Value().(*listener); l != nil && l.improved != nil {
		l.improved(unsafe.Slice((*float64)(unsafe.Pointer(x)), l.columns), int(nodes), int(iterations))
	}
}
