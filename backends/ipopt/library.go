//go:build cgo && !noipopt && (linux || darwin || freebsd)

package ipopt

/*
#include <stdlib.h>
#include "library.h"

static int has_version(void) { return ipopt.GetIpoptVersion != 0; }
static void get_version(int *v) { ipopt.GetIpoptVersion(v, v + 1, v + 2); }
static int has_iterate(void) { return ipopt.GetIpoptCurrentIterate != 0; }
*/
import "C"

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"unsafe"

	"github.com/gobilevel/bilevel/backends"
)

// fileNames are the names of the shared library: version 3.14, 3.11 to 3.13, and the name without a version.
var fileNames = []string{"libipopt.so.3", "libipopt.so.1", "libipopt.so", "libipopt.3.dylib", "libipopt.dylib"}

// folders are where the library may lie. The dynamic linker finds it in the first ones by itself; Homebrew's are the last.
var folders = []string{"/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/local/lib64", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu",
	"/opt/homebrew/lib", "/opt/homebrew/opt/ipopt/lib", "/usr/local/opt/ipopt/lib"}

// absence is why there is no library, "" where there is a file of it. It does not open the file: that may load a whole message passing system,
// which takes a fraction of a second, and most runs of a program do not need it.
func absence() string {
	if named := os.Getenv("BILEVEL_IPOPT"); named != "" {
		if _, err := os.Stat(named); err != nil && strings.ContainsRune(named, filepath.Separator) {
			return fmt.Sprintf("BILEVEL_IPOPT names %s, which is not there", named)
		}
		return ""
	}
	for _, folder := range append(filepath.SplitList(os.Getenv("LD_LIBRARY_PATH")), folders...) {
		for _, name := range fileNames {
			if _, err := os.Stat(filepath.Join(folder, name)); err == nil {
				return ""
			}
		}
	}
	if load() != nil { // the dynamic linker may know other folders
		return notThere
	}
	return ""
}

// load opens the library. Where the environment names one, no other is taken.
var load = sync.OnceValue(func() error {
	files := fileNames
	for _, folder := range folders[len(folders)-3:] {
		files = append(files, filepath.Join(folder, "libipopt.dylib"))
	}
	named := os.Getenv("BILEVEL_IPOPT")
	if named != "" {
		files = []string{named}
	}
	reason := notThere
	for _, file := range files {
		var why *C.char
		s := C.CString(file)
		result := C.ipopt_open(s, &why)
		C.free(unsafe.Pointer(s))
		switch result {
		case C.ipopt_opened:
			return nil
		case C.ipopt_other_library:
			reason = fmt.Sprintf("%s has not all functions of Ipopt's C interface: it is another library, or older than 3.11", file)
		case C.ipopt_wide_index:
			reason = fmt.Sprintf("%s is built with indices of 64 bits, which is not supported: install one with the usual 32 bits", file)
		case C.ipopt_not_found:
			if text := C.GoString(why); named != "" || !strings.Contains(text, "o such file") && !strings.Contains(text, "no such file") {
				reason = fmt.Sprintf("%s can't be opened: %s", file, text)
			}
		}
	}
	backends.RegisterAbsent(name, reason) // so that lists of what is missing say why
	return &backends.UnknownError{Name: name, Reason: reason}
})

// sharesNothing reports whether solves may run at the same time. From 3.14 on the library keeps the calls of the linear solver MUMPS,
// which is not safe for concurrent use, apart by itself.
func sharesNothing() bool { return C.has_iterate() != 0 }

// version asks the library, or else reads the banner of its log.
var version = sync.OnceValue(func() string {
	if load() != nil {
		return ""
	}
	if C.has_version() != 0 {
		var v [3]C.int
		C.get_version(&v[0])
		return fmt.Sprintf("%d.%d.%d", v[0], v[1], v[2])
	}
	return bannerVersion()
})
