// The functions of Ipopt's C interface that this package calls, found in its shared library when it is first needed.
#ifndef BILEVEL_IPOPT_LIBRARY_H
#define BILEVEL_IPOPT_LIBRARY_H

#include <stdint.h>

typedef struct IpoptProblemInfo *ipopt_problem;

// The library's Bool is int up to version 3.13 and C's bool from 3.14 on. It is int here: of a result only the low byte means something
// (IPOPT_TRUE), an argument is not read, and what a callback returns is 0 or 1 in either.
#define IPOPT_TRUE(result) (((result) & 0xff) != 0)

typedef int (*ipopt_eval_f)(int n, double *x, int new_x, double *value, void *user);
typedef int (*ipopt_eval_grad_f)(int n, double *x, int new_x, double *gradient, void *user);
typedef int (*ipopt_eval_g)(int n, double *x, int new_x, int m, double *g, void *user);
typedef int (*ipopt_eval_jac_g)(int n, double *x, int new_x, int m, int count, int *rows, int *columns, double *values, void *user);
typedef int (*ipopt_eval_h)(int n, double *x, int new_x, double sigma, int m, double *lambda, int new_lambda, int count, int *rows, int *columns,
	double *values, void *user);
typedef int (*ipopt_intermediate)(int mode, int iteration, double objective, double inf_pr, double inf_du, double mu, double d_norm,
	double regularization, double alpha_du, double alpha_pr, int trials, void *user);

// X(result, name, parameters): the prototypes of IpStdCInterface.h, in which Number is double and Index int.
#define IPOPT_FUNCTIONS(X) \
	X(ipopt_problem, CreateIpoptProblem, (int n, double *x_lower, double *x_upper, int m, double *g_lower, double *g_upper, int jacobian, \
		int hessian, int index_style, ipopt_eval_f f, ipopt_eval_g g, ipopt_eval_grad_f grad_f, ipopt_eval_jac_g jac_g, ipopt_eval_h h)) \
	X(void, FreeIpoptProblem, (ipopt_problem p)) \
	X(int, AddIpoptStrOption, (ipopt_problem p, char *name, char *value)) \
	X(int, AddIpoptNumOption, (ipopt_problem p, char *name, double value)) \
	X(int, AddIpoptIntOption, (ipopt_problem p, char *name, int value)) \
	X(int, OpenIpoptOutputFile, (ipopt_problem p, char *file, int level)) \
	X(int, SetIntermediateCallback, (ipopt_problem p, ipopt_intermediate f)) \
	X(int, IpoptSolve, (ipopt_problem p, double *x, double *g, double *objective, double *mult_g, double *mult_lower, double *mult_upper, \
		void *user))

typedef struct {
#define IPOPT_MEMBER(result, name, parameters) result (*name) parameters;
	IPOPT_FUNCTIONS(IPOPT_MEMBER)
#undef IPOPT_MEMBER
	// From 3.14 on, else 0.
	int (*GetIpoptCurrentIterate)(ipopt_problem p, int scaled, int n, double *x, double *lower, double *upper, int m, double *g, double *lambda);
	// From 3.14.18 on, else 0.
	void (*GetIpoptVersion)(int *major, int *minor, int *release);
} ipopt_functions;

extern ipopt_functions ipopt;

// What came of opening a library.
enum { ipopt_opened, ipopt_not_found, ipopt_other_library, ipopt_wide_index };

// ipopt_open opens the shared library of a name and finds all functions in it. With ipopt_not_found, reason is the dynamic linker's.
int ipopt_open(const char *file, const char **reason);

// One for each solve.
typedef struct {
	int stop;          // nonzero: the solve is to end; read and written atomically
	uintptr_t handle;  // cgo.Handle of the Go task
	ipopt_problem problem;
} ipopt_control;

void ipopt_stop(ipopt_control *control);

// ipopt_make makes a problem whose functions are those of the control's task.
int ipopt_make(ipopt_control *control, int n, double *x_lower, double *x_upper, int m, double *g_lower, double *g_upper, int jacobian, int hessian);

#endif
