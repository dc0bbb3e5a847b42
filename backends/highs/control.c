//go:build cgo && !nohighs

#include "control.h"

#include "_cgo_export.h"

// The values of kHighsCallback... in highs_c_api.h, which defines its constants with external linkage and so can be
// included only once in a program; native.go includes it and a test compares the two.
enum {
	logging = 0,
	simplex_interrupt = 1,
	ipm_interrupt = 2,
	mip_improving_solution = 4,
	mip_logging = 5,
	mip_interrupt = 6
};

void highs_control_stop(highs_control *control, int stop) { __atomic_store_n(&control->stop, stop, __ATOMIC_SEQ_CST); }

void highs_control_callback(int type, const char *message, const HighsCallbackDataOut *out, HighsCallbackDataIn *in, void *user) {
	highs_control *control = user;
	switch (type) {
	case simplex_interrupt:
	case ipm_interrupt:
	case mip_interrupt:
		if (in) in->user_interrupt = __atomic_load_n(&control->stop, __ATOMIC_RELAXED);
		return;
	case logging:
		if (control->handle) highsLogLine(control->handle, (char *)message);
		return;
	case mip_improving_solution:
		if (control->handle && out) highsImproved(control->handle, out->objective_function_value, out->mip_solution);
		return;
	case mip_logging:
		if (control->handle && out)
			highsProgress(control->handle, out->mip_node_count, out->mip_total_lp_iterations, out->mip_primal_bound, out->mip_dual_bound);
		return;
	}
}
