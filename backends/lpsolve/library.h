// The functions of lp_solve 5.5 that this package calls, found in its shared library when the program starts.
#ifndef BILEVEL_LPSOLVE_LIBRARY_H
#define BILEVEL_LPSOLVE_LIBRARY_H

#include <stdint.h>

typedef struct _lprec lprec;

// X(result, name, parameters): the prototypes of lp_lib.h, in which REAL is double, MYBOOL unsigned char and COUNTER long long.
#define LPSOLVE_FUNCTIONS(X) \
	X(void, lp_solve_version, (int *major, int *minor, int *release, int *build)) \
	X(lprec *, make_lp, (int rows, int columns)) \
	X(void, delete_lp, (lprec *lp)) \
	X(int, solve, (lprec *lp)) \
	X(unsigned char, add_columnex, (lprec *lp, int count, double *column, int *rowno)) \
	X(unsigned char, set_constr_type, (lprec *lp, int row, int type)) \
	X(unsigned char, set_rh, (lprec *lp, int row, double value)) \
	X(unsigned char, set_rh_range, (lprec *lp, int row, double delta)) \
	X(unsigned char, set_bounds, (lprec *lp, int column, double lower, double upper)) \
	X(unsigned char, set_int, (lprec *lp, int column, unsigned char on)) \
	X(unsigned char, get_ptr_variables, (lprec *lp, double **variables)) \
	X(unsigned char, get_ptr_sensitivity_rhs, (lprec *lp, double **duals, double **from, double **till)) \
	X(long long, get_total_nodes, (lprec *lp)) \
	X(long long, get_total_iter, (lprec *lp)) \
	X(void, put_abortfunc, (lprec *lp, int (*f)(lprec *lp, void *handle), void *handle)) \
	X(void, put_logfunc, (lprec *lp, void (*f)(lprec *lp, void *handle, char *text), void *handle)) \
	X(void, put_msgfunc, (lprec *lp, void (*f)(lprec *lp, void *handle, int message), void *handle, int mask)) \
	X(void, set_verbose, (lprec *lp, int level)) \
	X(void, set_scaling, (lprec *lp, int mode)) \
	X(void, set_scalelimit, (lprec *lp, double limit)) \
	X(void, set_improve, (lprec *lp, int mode)) \
	X(void, set_simplextype, (lprec *lp, int type)) \
	X(void, set_pivoting, (lprec *lp, int rule)) \
	X(void, set_basiscrash, (lprec *lp, int mode)) \
	X(void, set_mip_gap, (lprec *lp, unsigned char absolute, double gap)) \
	X(void, set_epsint, (lprec *lp, double eps)) \
	X(void, set_epsb, (lprec *lp, double eps)) \
	X(void, set_epsd, (lprec *lp, double eps)) \
	X(void, set_epspivot, (lprec *lp, double eps)) \
	X(void, set_bb_rule, (lprec *lp, int rule)) \
	X(void, set_bb_floorfirst, (lprec *lp, int mode)) \
	X(void, set_bb_depthlimit, (lprec *lp, int limit)) \
	X(void, set_maxpivot, (lprec *lp, int count)) \
	X(void, set_anti_degen, (lprec *lp, int mode)) \
	X(void, set_negrange, (lprec *lp, double value))

typedef struct {
#define LPSOLVE_MEMBER(result, name, parameters) result (*name) parameters;
	LPSOLVE_FUNCTIONS(LPSOLVE_MEMBER)
#undef LPSOLVE_MEMBER
} lpsolve_functions;

extern lpsolve_functions lpsolve;

// lpsolve_open opens the shared library of a name and finds all functions in it; 0 where either fails.
int lpsolve_open(const char *file);

// One for each instance.
typedef struct {
	int stop;          // nonzero: the running solve is to end; read and written atomically
	uintptr_t handle;  // cgo.Handle of the Go listener, 0 while nobody listens
} lpsolve_control;

void lpsolve_stop(lpsolve_control *control);

// lpsolve_make makes an instance that asks the control whether to go on, and tells it of log lines and improved solutions.
lprec *lpsolve_make(int rows, lpsolve_control *control);

#endif
