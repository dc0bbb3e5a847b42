//go:build cgo && !noipopt && (linux || darwin || freebsd)

package ipopt

/*
#cgo linux LDFLAGS: -ldl
#include <stdlib.h>
#include "library.h"

static int add_string(ipopt_problem p, char *name, char *value) { return IPOPT_TRUE(ipopt.AddIpoptStrOption(p, name, value)); }
static int add_number(ipopt_problem p, char *name, double value) { return IPOPT_TRUE(ipopt.AddIpoptNumOption(p, name, value)); }
static int add_integer(ipopt_problem p, char *name, int value) { return IPOPT_TRUE(ipopt.AddIpoptIntOption(p, name, value)); }
static int log_to(ipopt_problem p, char *file, int level) { return IPOPT_TRUE(ipopt.OpenIpoptOutputFile(p, file, level)); }
static void free_problem(ipopt_problem p) { ipopt.FreeIpoptProblem(p); }
static int run(ipopt_control *c, double *x, double *g, double *objective, double *mult_g, double *lower, double *upper) {
	return ipopt.IpoptSolve(c->problem, x, g, objective, mult_g, lower, upper, c);
}
static int current(ipopt_control *c, int n, double *x) {
	return ipopt.GetIpoptCurrentIterate && IPOPT_TRUE(ipopt.GetIpoptCurrentIterate(c->problem, 0, n, x, 0, 0, 0, 0, 0));
}
*/
import "C"

import (
	"runtime/cgo"
	"sync"
	"unsafe"
)

// native is an engine over the C interface of Ipopt.
type native struct {
	task    *task
	handle  cgo.Handle
	point   []float64  // for current
	life    sync.Mutex // guards control between stop and free
	control *C.ipopt_control
}

func newNative(t *task) *native {
	e := &native{control: (*C.ipopt_control)(C.calloc(1, C.sizeof_ipopt_control)), handle: cgo.NewHandle(t), task: t}
	e.control.handle = C.uintptr_t(e.handle)
	instances.Add(1)
	return e
}

func (e *native) free() {
	if e.control.problem != nil {
		C.free_problem(e.control.problem)
	}
	e.handle.Delete()
	e.life.Lock()
	C.free(unsafe.Pointer(e.control))
	e.control = nil
	e.life.Unlock()
	instances.Add(-1)
}

// doubles is the start of a slice, or of something where the slice is empty: the library takes no null pointers for arrays that it reads.
func doubles(v []float64) *C.double {
	if len(v) == 0 {
		v = make([]float64, 1)
	}
	return (*C.double)(unsafe.Pointer(unsafe.SliceData(v)))
}

func (e *native) make() bool {
	s := &e.task.shape
	return C.ipopt_make(e.control, C.int(s.n), doubles(s.lower), doubles(s.upper), C.int(s.m), doubles(s.rowLower), doubles(s.rowUpper),
		C.int(len(s.jacRows)), C.int(len(s.hessRows))) != 0
}

func (e *native) set(o option) bool {
	name := C.CString(o.name)
	defer C.free(unsafe.Pointer(name))
	switch o.kind {
	case integerOption:
		return C.add_integer(e.control.problem, name, C.int(o.integer)) != 0
	case numberOption:
		return C.add_number(e.control.problem, name, C.double(o.number)) != 0
	}
	value := C.CString(o.text)
	defer C.free(unsafe.Pointer(value))
	return C.add_string(e.control.problem, name, value) != 0
}

func (e *native) logTo(file string, level int) bool {
	s := C.CString(file)
	defer C.free(unsafe.Pointer(s))
	return C.log_to(e.control.problem, s, C.int(level)) != 0
}

func (e *native) run() code {
	t := e.task
	var value C.double
	return code(C.run(e.control, doubles(t.x), doubles(t.g), &value, doubles(t.lambda), doubles(t.zl), doubles(t.zu)))
}

func (e *native) current() []float64 {
	if e.point == nil {
		e.point = make([]float64, e.task.shape.n)
	}
	if C.current(e.control, C.int(len(e.point)), doubles(e.point)) == 0 {
		return nil
	}
	return e.point
}

func (e *native) stop() {
	e.life.Lock()
	if e.control != nil {
		C.ipopt_stop(e.control)
	}
	e.life.Unlock()
}
