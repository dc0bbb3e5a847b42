//go:build cgo && !nolpsolve && (linux || darwin || freebsd)

package lpsolve

/*
#cgo linux LDFLAGS: -ldl
#include <stdlib.h>
#include "library.h"

static void version(int *v) { lpsolve.lp_solve_version(v, v + 1, v + 2, v + 3); }
static void destroy(lprec *lp) { lpsolve.delete_lp(lp); }
static int run(lprec *lp) { return lpsolve.solve(lp); }

static int add_column(lprec *lp, int count, double *value, int *row) {
	static double none;
	static int no_row;
	if (!lpsolve.add_columnex(lp, count, count ? value : &none, count ? row : &no_row)) return 0;
	return 1;
}
static int bound_column(lprec *lp, int column, double lower, double upper, int integer) {
	if (integer && !lpsolve.set_int(lp, column, 1)) return 0;
	return lpsolve.set_bounds(lp, column, lower, upper);
}
static int type_row(lprec *lp, int row, int type) { return lpsolve.set_constr_type(lp, row, type); }
static int bound_row(lprec *lp, int row, double side, double range) {
	if (!lpsolve.set_rh(lp, row, side)) return 0;
	return range <= 0 || lpsolve.set_rh_range(lp, row, range);
}
static double *primal(lprec *lp) {
	double *x = 0;
	return lpsolve.get_ptr_variables(lp, &x) ? x : 0;
}
static double *duals(lprec *lp) {
	double *y = 0;
	return lpsolve.get_ptr_sensitivity_rhs(lp, &y, 0, 0) ? y : 0;
}
static long long nodes(lprec *lp) { return lpsolve.get_total_nodes(lp); }
static long long iterations(lprec *lp) { return lpsolve.get_total_iter(lp); }

#define SET(name, type) static void name(lprec *lp, double v) { lpsolve.name(lp, (type)v); }
SET(set_verbose, int)
SET(set_scaling, int)
SET(set_scalelimit, double)
SET(set_improve, int)
SET(set_simplextype, int)
SET(set_pivoting, int)
SET(set_basiscrash, int)
SET(set_epsint, double)
SET(set_epsb, double)
SET(set_epsd, double)
SET(set_epspivot, double)
SET(set_bb_rule, int)
SET(set_bb_floorfirst, int)
SET(set_bb_depthlimit, int)
SET(set_maxpivot, int)
SET(set_anti_degen, int)
SET(set_negrange, double)
static void set_gap(lprec *lp, int absolute, double v) { lpsolve.set_mip_gap(lp, (unsigned char)absolute, v); }
*/
import "C"

import (
	"fmt"
	"math"
	"os"
	"runtime/cgo"
	"sync"
	"unsafe"
)

// libraryFiles are the places of the shared library: what the dynamic linker finds by itself, Debian's and Homebrew's folders.
var libraryFiles = []string{"liblpsolve55.so", "/usr/lib/lp_solve/liblpsolve55.so", "/usr/local/lib/liblpsolve55.so", "liblpsolve55.dylib",
	"/opt/homebrew/opt/lp_solve/lib/liblpsolve55.dylib", "/usr/local/opt/lp_solve/lib/liblpsolve55.dylib"}

// openLibrary finds the library. Where the environment names one, no other is taken.
func openLibrary() bool {
	files := libraryFiles
	if named := os.Getenv("BILEVEL_LPSOLVE"); named != "" {
		files = []string{named}
	}
	for _, file := range files {
		s := C.CString(file)
		found := C.lpsolve_open(s) != 0
		C.free(unsafe.Pointer(s))
		if found {
			nativeVersion = func() string {
				var v [4]C.int
				C.version(&v[0])
				return fmt.Sprintf("%d.%d.%d.%d", v[0], v[1], v[2], v[3])
			}
			return true
		}
	}
	return false
}

// making guards what the library initialises once for all instances.
var making sync.Mutex

// native is an engine over the C interface of lp_solve.
type native struct {
	lp      *C.lprec
	control *C.lpsolve_control
	handle  cgo.Handle
	rows    int
	columns int
	pending []func(*C.lprec) // settings made before load
}

func newNative() (*native, error) {
	return &native{control: (*C.lpsolve_control)(C.calloc(1, C.sizeof_lpsolve_control))}, nil
}

func (e *native) destroy() {
	if e.lp != nil {
		making.Lock()
		C.destroy(e.lp)
		making.Unlock()
	}
	if e.handle != 0 {
		e.handle.Delete()
	}
	C.free(unsafe.Pointer(e.control))
	e.lp, e.control, e.handle = nil, nil, 0
}

func (e *native) listen(l *listener) {
	if e.handle != 0 {
		e.control.handle = 0
		e.handle.Delete()
		e.handle = 0
	}
	if l != nil {
		e.handle = cgo.NewHandle(l)
		e.control.handle = C.uintptr_t(e.handle)
	}
}

func (e *native) stop() { C.lpsolve_stop(e.control) }

func (e *native) set(o setting, v float64) {
	x := C.double(v)
	f := map[setting]func(lp *C.lprec){
		setVerbose:         func(lp *C.lprec) { C.set_verbose(lp, x) },
		setScaling:         func(lp *C.lprec) { C.set_scaling(lp, x) },
		setScaleLimit:      func(lp *C.lprec) { C.set_scalelimit(lp, x) },
		setImprove:         func(lp *C.lprec) { C.set_improve(lp, x) },
		setSimplexType:     func(lp *C.lprec) { C.set_simplextype(lp, x) },
		setPivoting:        func(lp *C.lprec) { C.set_pivoting(lp, x) },
		setBasisCrash:      func(lp *C.lprec) { C.set_basiscrash(lp, x) },
		setRelativeGap:     func(lp *C.lprec) { C.set_gap(lp, 0, x) },
		setAbsoluteGap:     func(lp *C.lprec) { C.set_gap(lp, 1, x) },
		setIntegrality:     func(lp *C.lprec) { C.set_epsint(lp, x) },
		setPrimalTolerance: func(lp *C.lprec) { C.set_epsb(lp, x) },
		setDualTolerance:   func(lp *C.lprec) { C.set_epsd(lp, x) },
		setPivotTolerance:  func(lp *C.lprec) { C.set_epspivot(lp, x) },
		setBranchRule:      func(lp *C.lprec) { C.set_bb_rule(lp, x) },
		setFloorFirst:      func(lp *C.lprec) { C.set_bb_floorfirst(lp, x) },
		setDepthLimit:      func(lp *C.lprec) { C.set_bb_depthlimit(lp, x) },
		setMaxPivots:       func(lp *C.lprec) { C.set_maxpivot(lp, x) },
		setAntiDegen:       func(lp *C.lprec) { C.set_anti_degen(lp, x) },
		setNegativeRange:   func(lp *C.lprec) { C.set_negrange(lp, x) },
	}[o]
	if e.lp == nil {
		e.pending = append(e.pending, f)
		return
	}
	f(e.lp)
}

// Constraint types of lp_lib.h.
const (
	typeLE = 1
	typeGE = 2
	typeEQ = 3
)

func (e *native) load(p *problem) error {
	e.rows, e.columns = len(p.rowLo), len(p.cost)
	making.Lock()
	e.lp = C.lpsolve_make(C.int(e.rows), e.control)
	making.Unlock()
	if e.lp == nil {
		return &CallError{"make_lp", fmt.Sprintf("%d rows", e.rows)}
	}
	for _, f := range e.pending {
		f(e.lp)
	}
	// The type of a row decides the sign that its coefficients are stored with, so that it comes before them.
	for i := range p.rowLo {
		kind := C.int(typeLE)
		switch {
		case p.rowLo[i] == p.rowHi[i]:
			kind = typeEQ
		case math.IsInf(p.rowHi[i], 1):
			kind = typeGE
		}
		if C.type_row(e.lp, C.int(i+1), kind) == 0 {
			return &CallError{"set_constr_type", fmt.Sprintf("row %d", i)}
		}
	}
	if err := e.loadColumns(p); err != nil {
		return err
	}
	for i := range p.rowLo {
		side, width := p.rowHi[i], 0.0
		switch {
		case math.IsInf(p.rowHi[i], 1):
			side = p.rowLo[i]
		case p.rowLo[i] != p.rowHi[i] && !math.IsInf(p.rowLo[i], -1):
			width = p.rowHi[i] - p.rowLo[i]
		}
		if C.bound_row(e.lp, C.int(i+1), C.double(side), C.double(width)) == 0 {
			return &CallError{"set_rh", fmt.Sprintf("row %d: %v to %v", i, p.rowLo[i], p.rowHi[i])}
		}
	}
	return nil
}

func (e *native) loadColumns(p *problem) error {
	var rows []C.int
	var values []C.double
	for j := range p.cost {
		rows, values = rows[:0], values[:0]
		if p.cost[j] != 0 {
			rows, values = append(rows, 0), append(values, C.double(p.cost[j]))
		}
		for k := p.start[j]; k < p.start[j+1]; k++ {
			rows, values = append(rows, C.int(p.index[k]+1)), append(values, C.double(p.value[k]))
		}
		integer := C.int(0)
		if p.integer != nil && p.integer[j] {
			integer = 1
		}
		lo, hi := C.double(native30(p.lo[j])), C.double(native30(p.hi[j]))
		if C.add_column(e.lp, C.int(len(rows)), unsafe.SliceData(values), unsafe.SliceData(rows)) == 0 ||
			C.bound_column(e.lp, C.int(j+1), lo, hi, integer) == 0 {
			return &CallError{"add_columnex", fmt.Sprintf("column %d with bounds %v and %v", j, p.lo[j], p.hi[j])}
		}
	}
	return nil
}

// native30 writes an infinite bound as the solver does.
func native30(v float64) float64 { return math.Min(math.Max(v, -1e30), 1e30) }

func (e *native) run() int { return int(C.run(e.lp)) }

func (e *native) primal(x []float64) bool {
	v := C.primal(e.lp)
	if v == nil {
		return false
	}
	copy(x, unsafe.Slice((*float64)(unsafe.Pointer(v)), e.columns))
	return true
}

func (e *native) duals(rows []float64) bool {
	v := C.duals(e.lp)
	if v == nil {
		return false
	}
	copy(rows, unsafe.Slice((*float64)(unsafe.Pointer(v)), e.rows))
	return true
}

func (e *native) nodes() int { return int(C.nodes(e.lp)) }

func (e *native) iterations() int { return int(C.iterations(e.lp)) }
