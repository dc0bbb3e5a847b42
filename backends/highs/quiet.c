//go:build cgo && !nohighs

#define _GNU_SOURCE
#include "quiet.h"

#include <pthread.h>
#include <stdio.h>

// Highs::run and the QP solver of HiGHS 1.10 report internal checks by printf ("returnFromRun", "dimension mismatch", "degeneracy?"),
// whatever output_flag says. Descriptor 1 cannot be turned away meanwhile, since it belongs to the whole program; so the stream is.

#ifdef __GLIBC__

static __thread int quiet;  // this thread is in a run
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int runs;            // threads in a run; guarded by lock
static FILE *filter;        // stdout while there are any; never closed, since another thread may still hold it
static FILE *outside;       // stdout otherwise

// write_filtered passes on what comes from threads that are not in a run. The stream is unbuffered, so that it is called on the thread
// that writes.
static ssize_t write_filtered(void *cookie, const char *text, size_t size) {
	return quiet ? (ssize_t)size : (ssize_t)fwrite(text, 1, size, outside);
}

void highs_quiet_begin(void) {
	pthread_mutex_lock(&lock);
	if (!filter) {
		cookie_io_functions_t calls = {.write = write_filtered};
		filter = fopencookie(NULL, "w", calls);
		if (filter) setvbuf(filter, NULL, _IONBF, 0);
	}
	if (filter && runs++ == 0) {
		outside = stdout;
		stdout = filter;
	}
	pthread_mutex_unlock(&lock);
	quiet++;
}

void highs_quiet_end(void) {
	quiet--;
	pthread_mutex_lock(&lock);
	if (filter && --runs == 0 && stdout == filter) stdout = outside;
	pthread_mutex_unlock(&lock);
}

#else

// Elsewhere stdout is no variable that may be set.
void highs_quiet_begin(void) {}
void highs_quiet_end(void) {}

#endif
