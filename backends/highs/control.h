// The part of the layer that C and Go share: a flag that stops a running solve, and a handle by which events reach Go.
#ifndef BILEVEL_HIGHS_CONTROL_H
#define BILEVEL_HIGHS_CONTROL_H

#include <stdint.h>

#include <lp_data/HighsCallbackStruct.h>

// One for each solver instance; its address is the user data of the instance's callback.
typedef struct {
	int stop;          // nonzero: the running solve is to end; read and written atomically
	uintptr_t handle;  // cgo.Handle of the Go listener, 0 while nobody listens
} highs_control;

void highs_control_stop(highs_control *control, int stop);

// Answers interrupt queries from the flag without entering Go, and hands log lines and progress to Go.
void highs_control_callback(int type, const char *message, const HighsCallbackDataOut *out, HighsCallbackDataIn *in, void *user);

#endif
