package bilevel

import (
	// lp_solve registers itself where it is on the machine. HiGHS and the search on pairs come with package branch.
	_ "github.com/gobilevel/bilevel/backends/lpsolve"
)
