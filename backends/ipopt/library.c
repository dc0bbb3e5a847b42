//go:build cgo && !noipopt && (linux || darwin || freebsd)

#include "library.h"

#include <dlfcn.h>

#include "_cgo_export.h"

ipopt_functions ipopt;

int ipopt_open(const char *file, const char **reason) {
	void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
	if (!library) {
		*reason = dlerror();
		return ipopt_not_found;
	}
#define IPOPT_FIND(result, name, parameters) \
	if (!(*(void **)&ipopt.name = dlsym(library, #name))) { \
		dlclose(library); \
		return ipopt_other_library; \
	}
	IPOPT_FUNCTIONS(IPOPT_FIND)
#undef IPOPT_FIND
	*(void **)&ipopt.GetIpoptCurrentIterate = dlsym(library, "GetIpoptCurrentIterate");
	*(void **)&ipopt.GetIpoptVersion = dlsym(library, "GetIpoptVersion");
	// A library may be built with indices of 64 bits. The C names are the same then; in C++ the type is part of the name. These are
	// TripletHelper::PutValuesInVector(Index, const double*, Vector&) with Index long and long long.
	if (dlsym(library, "_ZN5Ipopt13TripletHelper17PutValuesInVectorElPKdRNS_6VectorE") ||
		dlsym(library, "_ZN5Ipopt13TripletHelper17PutValuesInVectorExPKdRNS_6VectorE")) {
		dlclose(library);
		return ipopt_wide_index;
	}
	return ipopt_opened;
}

void ipopt_stop(ipopt_control *control) { __atomic_store_n(&control->stop, 1, __ATOMIC_SEQ_CST); }

// A solve that is to end gets no more values: a line search without values is over soon.
static int stopped(void *user) { return __atomic_load_n(&((ipopt_control *)user)->stop, __ATOMIC_RELAXED); }

static uintptr_t task(void *user) { return ((ipopt_control *)user)->handle; }

static int objective(int n, double *x, int new_x, double *value, void *user) {
	(void)n, (void)new_x;
	return !stopped(user) && ipoptObjective(task(user), x, value);
}

static int gradient(int n, double *x, int new_x, double *values, void *user) {
	(void)n, (void)new_x;
	return !stopped(user) && ipoptGradient(task(user), x, values);
}

static int rows(int n, double *x, int new_x, int m, double *values, void *user) {
	(void)n, (void)new_x, (void)m;
	return !stopped(user) && ipoptRows(task(user), x, values);
}

static int jacobian(int n, double *x, int new_x, int m, int count, int *rows, int *columns, double *values, void *user) {
	(void)n, (void)new_x, (void)m, (void)count;
	if (!values) return ipoptJacobianPattern(task(user), rows, columns);
	return !stopped(user) && ipoptJacobian(task(user), x, values);
}

static int hessian(int n, double *x, int new_x, double sigma, int m, double *lambda, int new_lambda, int count, int *rows, int *columns,
	double *values, void *user) {
	(void)n, (void)new_x, (void)m, (void)new_lambda, (void)count;
	if (!values) return ipoptHessianPattern(task(user), rows, columns);
	return !stopped(user) && ipoptHessian(task(user), x, sigma, lambda, values);
}

static int intermediate(int mode, int iteration, double value, double inf_pr, double inf_du, double mu, double d_norm, double regularization,
	double alpha_du, double alpha_pr, int trials, void *user) {
	(void)d_norm, (void)regularization, (void)alpha_du, (void)trials;
	return !stopped(user) && ipoptIterate(task(user), mode, iteration, value, inf_pr, inf_du, mu, alpha_pr);
}

int ipopt_make(ipopt_control *control, int n, double *x_lower, double *x_upper, int m, double *g_lower, double *g_upper, int jac, int hess) {
	control->problem =
		ipopt.CreateIpoptProblem(n, x_lower, x_upper, m, g_lower, g_upper, jac, hess, 0, objective, rows, gradient, jacobian, hessian);
	return control->problem && IPOPT_TRUE(ipopt.SetIntermediateCallback(control->problem, intermediate));
}
