// Keeps what HiGHS prints by itself off standard output.
#ifndef BILEVEL_HIGHS_QUIET_H
#define BILEVEL_HIGHS_QUIET_H

// Between the two calls nothing that this thread writes to the C library's stdout goes out. What other threads write does, and so
// does what Go writes, which does not pass through the C library. Calls of several threads may overlap.
void highs_quiet_begin(void);
void highs_quiet_end(void);

#endif
