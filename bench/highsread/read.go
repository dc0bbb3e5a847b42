//go:build cgo && !nohighs

package highsread

/*
#cgo darwin LDFLAGS: -L/opt/homebrew/lib -L/usr/local/lib
#cgo LDFLAGS: -lhighs
#include <stdlib.h>

// The header of HiGHS defines variables, so that a program can include it once only, and package highs may. That package also asserts
// that HighsInt is int.
void *Highs_create(void);
void Highs_destroy(void *highs);
int Highs_setBoolOptionValue(void *highs, const char *option, int value);
int Highs_readModel(void *highs, const char *filename);
int Highs_getNumCol(const void *highs);
int Highs_getNumRow(const void *highs);
int Highs_getNumNz(const void *highs);
*/
import "C"

import (
	"fmt"
	"time"
	"unsafe"

	"github.com/gobilevel/bilevel/bench/clock"
)

// File reads a file in one of the formats that HiGHS knows by the file's ending. A file that HiGHS does not read is an error.
func File(file string) (Reading, error) {
	h := C.Highs_create()
	defer C.Highs_destroy(h)
	option, name := C.CString("output_flag"), C.CString(file)
	defer C.free(unsafe.Pointer(option))
	defer C.free(unsafe.Pointer(name))
	C.Highs_setBoolOptionValue(h, option, 0)
	computed, start := clock.Processor(), time.Now()
	if C.Highs_readModel(h, name) != 0 {
		return Reading{}, fmt.Errorf("HiGHS does not read %s", file)
	}
	r := Reading{Wall: time.Since(start), Processor: clock.Processor() - computed}
	r.Cols, r.Rows, r.Nonzeros = int(C.Highs_getNumCol(h)), int(C.Highs_getNumRow(h)), int(C.Highs_getNumNz(h))
	return r, nil
}
