//go:build cgo && !nohighs

package highs

/*
#cgo CFLAGS: -I/usr/include/highs -I/usr/local/include/highs
#cgo LDFLAGS: -lhighs
#include <stdlib.h>
#include <interfaces/highs_c_api.h>
#include "control.h"

// The slices of int32 on the Go side are passed as they are.
_Static_assert(sizeof(HighsInt) == sizeof(int32_t), "this package needs a HiGHS that was built with 32-bit HighsInt");

// The scheduler of HiGHS belongs to a thread, and a run with another number of threads than the scheduler was made for is refused.
// Go moves goroutines between threads, so the number that this thread's scheduler has is remembered here and the scheduler made
// anew where it differs. The number is asked of the instance: a run that is told another one than its options have would spoil the
// thread for every later solve on it.
static __thread HighsInt scheduler_threads = 0;

static HighsInt run_highs(void *highs) {
	HighsInt threads = 0;
	Highs_getIntOptionValue(highs, "threads", &threads);
	if (scheduler_threads != 0 && scheduler_threads != threads) Highs_resetGlobalScheduler(0);
	scheduler_threads = threads;
	return Highs_run(highs);
}

static HighsInt listen_to(void *highs, int type, int on) { return on ? Highs_startCallback(highs, type) : Highs_stopCallback(highs, type); }

static HighsInt attach(void *highs, highs_control *control) { return Highs_setCallback(highs, highs_control_callback, control); }
*/
import "C"

import (
	"fmt"
	"math"
	"runtime"
	"runtime/cgo"
	"unsafe"
)

func init() {
	newEngine = func() engine { return newNative() }
	nativeVersion = func() string {
		v := C.GoString(C.Highs_version())
		if hash := C.GoString(C.Highs_githash()); hash != "" && hash != "n/a" {
			v += fmt.Sprintf(" (%s)", hash)
		}
		return v
	}
}

// native is an engine over the C interface of HiGHS.
type native struct {
	h       unsafe.Pointer
	control *C.highs_control
	handle  cgo.Handle
}

func newNative() *native {
	e := &native{h: C.Highs_create(), control: (*C.highs_control)(C.calloc(1, C.sizeof_highs_control))}
	e.setBool("output_flag", false)
	e.setBool("log_to_console", false)
	C.attach(e.h, e.control)
	for _, t := range []C.HighsInt{C.kHighsCallbackSimplexInterrupt, C.kHighsCallbackIpmInterrupt, C.kHighsCallbackMipInterrupt} {
		C.listen_to(e.h, C.int(t), 1)
	}
	return e
}

func (e *native) destroy() {
	C.Highs_destroy(e.h)
	e.forget()
	C.free(unsafe.Pointer(e.control))
	e.h, e.control = nil, nil
}

func (e *native) forget() {
	if e.handle != 0 {
		e.control.handle = 0
		e.handle.Delete()
		e.handle = 0
	}
}

func (e *native) listen(l *listener, mip bool) {
	e.forget()
	log := l != nil && l.log != nil
	if l != nil {
		e.handle = cgo.NewHandle(l)
		e.control.handle = C.uintptr_t(e.handle)
	}
	// The solver writes to the callback in place of the console, but only where it may write to the console.
	e.setBool("output_flag", false)
	C.listen_to(e.h, C.int(C.kHighsCallbackLogging), cBool(log))
	e.setBool("log_to_console", log)
	e.setBool("output_flag", log)
	C.listen_to(e.h, C.int(C.kHighsCallbackMipImprovingSolution), cBool(mip))
	C.listen_to(e.h, C.int(C.kHighsCallbackMipLogging), cBool(mip))
}

func (e *native) stop(on bool) { C.highs_control_stop(e.control, cBool(on)) }

// Options.

func (e *native) setBool(name string, v bool) int {
	s := C.CString(name)
	defer C.free(unsafe.Pointer(s))
	return int(C.Highs_setBoolOptionValue(e.h, s, C.HighsInt(cBool(v))))
}

func (e *native) setInt(name string, v int) int {
	s := C.CString(name)
	defer C.free(unsafe.Pointer(s))
	return int(C.Highs_setIntOptionValue(e.h, s, C.HighsInt(v)))
}

func (e *native) setDouble(name string, v float64) int {
	s := C.CString(name)
	defer C.free(unsafe.Pointer(s))
	return int(C.Highs_setDoubleOptionValue(e.h, s, C.double(v)))
}

func (e *native) setString(name, v string) int {
	s, t := C.CString(name), C.CString(v)
	defer C.free(unsafe.Pointer(s))
	defer C.free(unsafe.Pointer(t))
	return int(C.Highs_setStringOptionValue(e.h, s, t))
}

func (e *native) optionType(name string) (optionType, bool) {
	s := C.CString(name)
	defer C.free(unsafe.Pointer(s))
	var t C.HighsInt
	if C.Highs_getOptionType(e.h, s, &t) != C.kHighsStatusOk {
		return 0, false
	}
	switch t {
	case C.kHighsOptionTypeBool:
		return boolOption, true
	case C.kHighsOptionTypeInt:
		return intOption, true
	case C.kHighsOptionTypeDouble:
		return doubleOption, true
	}
	return stringOption, true
}

func (e *native) optionNames() []string {
	names := make([]string, 0, int(C.Highs_getNumOptions(e.h)))
	for i := range cap(names) {
		var s *C.char
		if C.Highs_getOptionName(e.h, C.HighsInt(i), &s) == C.kHighsStatusOk {
			names = append(names, C.GoString(s))
			C.free(unsafe.Pointer(s))
		}
	}
	return names
}

// The problem and its solution.

func (e *native) passModel(a *Arrays, sign float64) int {
	cost := a.Cost
	if sign < 0 {
		cost = negated(cost)
	}
	var hessian []float64
	if len(a.QValue) > 0 {
		hessian = a.QValue
		if sign < 0 {
			hessian = negated(hessian)
		}
	}
	var integrality []int32
	if a.Integer != nil {
		integrality = make([]int32, len(a.Integer))
		for j, integer := range a.Integer {
			if integer {
				integrality[j] = int32(C.kHighsVarTypeInteger)
			}
		}
	}
	code := C.Highs_passModel(e.h, C.HighsInt(len(a.Cost)), C.HighsInt(len(a.RowLower)), C.HighsInt(len(a.Value)), C.HighsInt(len(hessian)),
		C.kHighsMatrixFormatRowwise, C.kHighsHessianFormatTriangular, C.kHighsObjSenseMinimize, C.double(sign*a.Offset),
		doubles(cost), doubles(a.ColLower), doubles(a.ColUpper), doubles(a.RowLower), doubles(a.RowUpper),
		ints(a.Start), ints(a.Index), doubles(a.Value), ints(a.QStart), ints(a.QIndex), doubles(hessian), ints(integrality))
	runtime.KeepAlive(a)
	return int(code)
}

func (e *native) run() int { return int(C.run_highs(e.h)) }

func (e *native) clearSolver() int { return int(C.Highs_clearSolver(e.h)) }

func (e *native) modelStatus() int { return int(C.Highs_getModelStatus(e.h)) }

func (e *native) runTime() float64 { return float64(C.Highs_getRunTime(e.h)) }

func (e *native) infoInt(name string) int {
	s := C.CString(name)
	defer C.free(unsafe.Pointer(s))
	var v C.HighsInt
	C.Highs_getIntInfoValue(e.h, s, &v)
	return int(v)
}

func (e *native) infoInt64(name string) int64 {
	s := C.CString(name)
	defer C.free(unsafe.Pointer(s))
	var v C.int64_t
	C.Highs_getInt64InfoValue(e.h, s, &v)
	return int64(v)
}

func (e *native) infoDouble(name string) float64 {
	s := C.CString(name)
	defer C.free(unsafe.Pointer(s))
	v := C.double(math.NaN())
	C.Highs_getDoubleInfoValue(e.h, s, &v)
	return float64(v)
}

func (e *native) objective() float64 { return float64(C.Highs_getObjectiveValue(e.h)) }

func (e *native) solution(x, reducedCost, activity, dual []float64) {
	C.Highs_getSolution(e.h, doubles(x), doubles(reducedCost), doubles(activity), doubles(dual))
}

func (e *native) setSolution(x []float64) int {
	return int(C.Highs_setSolution(e.h, doubles(x), nil, nil, nil))
}

func (e *native) setStart(x []float64) int {
	var index []int32
	var value []float64
	for j, v := range x {
		if !math.IsNaN(v) {
			index, value = append(index, int32(j)), append(value, v)
		}
	}
	if len(index) == len(x) {
		return e.setSolution(x)
	}
	return int(C.Highs_setSparseSolution(e.h, C.HighsInt(len(index)), ints(index), doubles(value)))
}

// The basis.

func (e *native) basis(cols, rows []int32) int {
	return int(C.Highs_getBasis(e.h, ints(cols), ints(rows)))
}

func (e *native) setBasis(cols, rows []int32) int {
	return int(C.Highs_setBasis(e.h, ints(cols), ints(rows)))
}

func (e *native) basicVariables(out []int32) int {
	return int(C.Highs_getBasicVariables(e.h, ints(out)))
}

func (e *native) reducedRow(i int, row []float64, index []int32) (n, code int) {
	var count C.HighsInt
	code = int(C.Highs_getReducedRow(e.h, C.HighsInt(i), doubles(row), &count, ints(index)))
	return int(count), code
}

func (e *native) inverseRow(i int, row []float64, index []int32) (n, code int) {
	var count C.HighsInt
	code = int(C.Highs_getBasisInverseRow(e.h, C.HighsInt(i), doubles(row), &count, ints(index)))
	return int(count), code
}

func (e *native) primalRay(ray []float64) bool {
	var has C.HighsInt
	return C.Highs_getPrimalRay(e.h, &has, doubles(ray)) == C.kHighsStatusOk && has != 0
}

func (e *native) dualRay(ray []float64) bool {
	var has C.HighsInt
	return C.Highs_getDualRay(e.h, &has, doubles(ray)) == C.kHighsStatusOk && has != 0
}

// Changes.

func (e *native) changeColBounds(index []int32, lower, upper []float64) int {
	if len(index) == 1 {
		return int(C.Highs_changeColBounds(e.h, C.HighsInt(index[0]), C.double(lower[0]), C.double(upper[0])))
	}
	return int(C.Highs_changeColsBoundsBySet(e.h, C.HighsInt(len(index)), ints(index), doubles(lower), doubles(upper)))
}

func (e *native) changeRowBounds(index []int32, lower, upper []float64) int {
	if len(index) == 1 {
		return int(C.Highs_changeRowBounds(e.h, C.HighsInt(index[0]), C.double(lower[0]), C.double(upper[0])))
	}
	return int(C.Highs_changeRowsBoundsBySet(e.h, C.HighsInt(len(index)), ints(index), doubles(lower), doubles(upper)))
}

func (e *native) changeCosts(index []int32, cost []float64) int {
	return int(C.Highs_changeColsCostBySet(e.h, C.HighsInt(len(index)), ints(index), doubles(cost)))
}

func (e *native) changeOffset(offset float64) int {
	return int(C.Highs_changeObjectiveOffset(e.h, C.double(offset)))
}

func (e *native) changeCoefficient(row, col int, v float64) int {
	return int(C.Highs_changeCoeff(e.h, C.HighsInt(row), C.HighsInt(col), C.double(v)))
}

func (e *native) addRows(lower, upper []float64, start, index []int32, value []float64) int {
	return int(C.Highs_addRows(e.h, C.HighsInt(len(lower)), doubles(lower), doubles(upper), C.HighsInt(len(value)), ints(start), ints(index), doubles(value)))
}

func (e *native) addCols(cost, lower, upper []float64, start, index []int32, value []float64) int {
	return int(C.Highs_addCols(e.h, C.HighsInt(len(cost)), doubles(cost), doubles(lower), doubles(upper), C.HighsInt(len(value)), ints(start), ints(index), doubles(value)))
}

func (e *native) deleteRows(index []int32) int {
	return int(C.Highs_deleteRowsBySet(e.h, C.HighsInt(len(index)), ints(index)))
}

func (e *native) numNonzeros() int { return int(C.Highs_getNumNz(e.h)) }

func (e *native) lp(a *Arrays) int {
	var cols, rows, nonzeros, sense C.HighsInt
	var offset C.double
	code := C.Highs_getLp(e.h, C.kHighsMatrixFormatRowwise, &cols, &rows, &nonzeros, &sense, &offset, doubles(a.Cost), doubles(a.ColLower),
		doubles(a.ColUpper), doubles(a.RowLower), doubles(a.RowUpper), ints(a.Start), ints(a.Index), doubles(a.Value), nil)
	a.Offset = float64(offset)
	return int(code)
}

// doubles and ints are the address of a slice's first element, nil for an empty one.
func doubles(s []float64) *C.double { return (*C.double)(unsafe.Pointer(unsafe.SliceData(s))) }

func ints(s []int32) *C.HighsInt { return (*C.HighsInt)(unsafe.Pointer(unsafe.SliceData(s))) }

func cBool(b bool) C.int {
	if b {
		return 1
	}
	return 0
}

// statusNames lists the model statuses of the C interface by its own constants, for the test that the table in status.go is complete.
func statusNames() map[int]string {
	return map[int]string{
		int(C.kHighsModelStatusNotset): "Notset", int(C.kHighsModelStatusLoadError): "LoadError",
		int(C.kHighsModelStatusModelError): "ModelError", int(C.kHighsModelStatusPresolveError): "PresolveError",
		int(C.kHighsModelStatusSolveError): "SolveError", int(C.kHighsModelStatusPostsolveError): "PostsolveError",
		int(C.kHighsModelStatusModelEmpty): "ModelEmpty", int(C.kHighsModelStatusOptimal): "Optimal",
		int(C.kHighsModelStatusInfeasible): "Infeasible", int(C.kHighsModelStatusUnboundedOrInfeasible): "UnboundedOrInfeasible",
		int(C.kHighsModelStatusUnbounded): "Unbounded", int(C.kHighsModelStatusObjectiveBound): "ObjectiveBound",
		int(C.kHighsModelStatusObjectiveTarget): "ObjectiveTarget", int(C.kHighsModelStatusTimeLimit): "TimeLimit",
		int(C.kHighsModelStatusIterationLimit): "IterationLimit", int(C.kHighsModelStatusUnknown): "Unknown",
		int(C.kHighsModelStatusSolutionLimit): "SolutionLimit", int(C.kHighsModelStatusInterrupt): "Interrupt",
	}
}

// callbackTypes lists the callback types that control.c numbers by itself, in its order.
func callbackTypes() []int {
	return []int{int(C.kHighsCallbackLogging), int(C.kHighsCallbackSimplexInterrupt), int(C.kHighsCallbackIpmInterrupt),
		int(C.kHighsCallbackMipImprovingSolution), int(C.kHighsCallbackMipLogging), int(C.kHighsCallbackMipInterrupt)}
}
