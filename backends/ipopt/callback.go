//go:build cgo && !noipopt && (linux || darwin || freebsd)

package ipopt

/*
#include "library.h"
*/
import "C"

import (
	"runtime/cgo"
	"unsafe"
)

// The functions below are called by library.c on the thread of the solve. The task keeps panics of a program's functions from unwinding
// through C.

func taskOf(handle C.uintptr_t) *task { return cgo.Handle(handle).Value().(*task) }

func view(v *C.double, n int) []float64 { return unsafe.Slice((*float64)(unsafe.Pointer(v)), n) }

func view32(v *C.int, n int) []int32 { return unsafe.Slice((*int32)(unsafe.Pointer(v)), n) }

func truth(ok bool) C.int {
	if ok {
		return 1
	}
	return 0
}

//export ipoptObjective
func ipoptObjective(handle C.uintptr_t, x, value *C.double) C.int {
	t := taskOf(handle)
	return truth(t.objective(view(x, t.shape.n), (*float64)(value)))
}

//export ipoptGradient
func ipoptGradient(handle C.uintptr_t, x, values *C.double) C.int {
	t := taskOf(handle)
	return truth(t.gradient(view(x, t.shape.n), view(values, t.shape.n)))
}

//export ipoptRows
func ipoptRows(handle C.uintptr_t, x, values *C.double) C.int {
	t := taskOf(handle)
	return truth(t.rows(view(x, t.shape.n), view(values, t.shape.m)))
}

//export ipoptJacobianPattern
func ipoptJacobianPattern(handle C.uintptr_t, rows, columns *C.int) C.int {
	s := &taskOf(handle).shape
	copy(view32(rows, len(s.jacRows)), s.jacRows)
	copy(view32(columns, len(s.jacCols)), s.jacCols)
	return 1
}

//export ipoptJacobian
func ipoptJacobian(handle C.uintptr_t, x, values *C.double) C.int {
	t := taskOf(handle)
	return truth(t.jacobian(view(x, t.shape.n), view(values, len(t.shape.jacRows))))
}

//export ipoptHessianPattern
func ipoptHessianPattern(handle C.uintptr_t, rows, columns *C.int) C.int {
	s := &taskOf(handle).shape
	copy(view32(rows, len(s.hessRows)), s.hessRows)
	copy(view32(columns, len(s.hessCols)), s.hessCols)
	return 1
}

//export ipoptHessian
func ipoptHessian(handle C.uintptr_t, x *C.double, sigma C.double, lambda, values *C.double) C.int {
	t := taskOf(handle)
	return truth(t.hessian(view(x, t.shape.n), float64(sigma), view(lambda, t.shape.m), view(values, len(t.shape.hessRows))))
}

//export ipoptIterate
func ipoptIterate(handle C.uintptr_t, mode, iteration C.int, value, violation, residual, mu, step C.double) C.int {
	return truth(taskOf(handle).iterate(mode == 1, int(iteration), float64(value), float64(violation), float64(residual), float64(mu), float64(step)))
}
