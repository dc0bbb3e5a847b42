//go:build cgo && !nohighs

package main

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
)

// readByHighs measures how long HiGHS takes to read a file.
func readByHighs(file string) (sample, error) {
	h := C.Highs_create()
	defer C.Highs_destroy(h)
	option, name := C.CString("output_flag"), C.CString(file)
	defer C.free(unsafe.Pointer(option))
	defer C.free(unsafe.Pointer(name))
	C.Highs_setBoolOptionValue(h, option, 0)
	before := processorTime()
	start := time.Now()
	if C.Highs_readModel(h, name) != 0 {
		return sample{}, fmt.Errorf("HiGHS does not read %s", file)
	}
	s := sample{Seconds: time.Since(start).Seconds(), CPU: processorTime() - before}
	s.Cols, s.Rows, s.Nonzeros = int(C.Highs_getNumCol(h)), int(C.Highs_getNumRow(h)), int(C.Highs_getNumNz(h))
	return s, nil
}
