//go:build cgo && !nolpsolve && (linux || darwin || freebsd)

#include "library.h"

#include <dlfcn.h>

#include "_cgo_export.h"

lpsolve_functions lpsolve;

int lpsolve_open(const char *file) {
	void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
	if (!library) return 0;
#define LPSOLVE_FIND(result, name, parameters) \
	if (!(*(void **)&lpsolve.name = dlsym(library, #name))) { \
		dlclose(library); \
		return 0; \
	}
	LPSOLVE_FUNCTIONS(LPSOLVE_FIND)
#undef LPSOLVE_FIND
	return 1;
}

void lpsolve_stop(lpsolve_control *control) { __atomic_store_n(&control->stop, 1, __ATOMIC_SEQ_CST); }

// The solver asks at each iteration and node; the answer does not enter Go.
static int asked(lprec *lp, void *handle) {
	(void)lp;
	return __atomic_load_n(&((lpsolve_control *)handle)->stop, __ATOMIC_RELAXED);
}

static void logged(lprec *lp, void *handle, char *text) {
	uintptr_t listener = ((lpsolve_control *)handle)->handle;
	(void)lp;
	if (listener) lpsolveLogLine(listener, text);
}

// MSG_MILPFEASIBLE and MSG_MILPBETTER of lp_lib.h.
enum { first_solution = 128, better_solution = 512 };

static void told(lprec *lp, void *handle, int message) {
	uintptr_t listener = ((lpsolve_control *)handle)->handle;
	double *x = 0;
	if (listener && (message & (first_solution | better_solution)) && lpsolve.get_ptr_variables(lp, &x) && x)
		lpsolveImproved(listener, x, lpsolve.get_total_nodes(lp), lpsolve.get_total_iter(lp));
}

lprec *lpsolve_make(int rows, lpsolve_control *control) {
	lprec *lp = lpsolve.make_lp(rows, 0);
	if (!lp) return 0;
	lpsolve.set_verbose(lp, 0);
	lpsolve.put_abortfunc(lp, asked, control);
	lpsolve.put_logfunc(lp, logged, control);
	lpsolve.put_msgfunc(lp, told, control, first_solution | better_solution);
	return lp;
}
