package bilevel

import (
	// lp_solve and Ipopt register themselves where they are on the machine. HiGHS and the search on pairs come with package branch.
	_ "github.com/gobilevel/bilevel/backends/ipopt"
	_ "github.com/gobilevel/bilevel/backends/lpsolve"

	// The smooth solver of our own needs no library.
	_ "github.com/gobilevel/bilevel/nonlinear/builtin"
)
