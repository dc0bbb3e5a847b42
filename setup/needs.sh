# shellcheck shell=sh
# What bilevel needs from the machine, one need a line; another native library
# is another line here.
#
#   kind | name | probe | apt packages | Homebrew formula | tag | what it is for
#
# kind    compiler  a C compiler that compiles, links and runs a program
#         tool      the probe is a command
#         library   the probe is "folders header function libraries": a program
#                   that includes the header and names the function is compiled,
#                   linked and run, as cgo will do it; folders are subfolders of
#                   include/ to search, and folders and libraries are lists with
#                   commas
#         extra     a command that only the tests need
#         wish      a command that some tests need and are skipped without: it is
#                   installed where apt offers it and root runs the set-up, and
#                   nothing fails for want of it
#         opened    the probe is a list of shared libraries, one of which can be
#                   opened when bilevel runs; asked for with the tests only
# tag     the Go build tag that builds bilevel without this library

needs() {
	cat <<'END'
compiler|C compiler||gcc libc6-dev|||compiles the bindings to the solvers
tool|make|make|make|||runs the targets of the Makefile
tool|pkg-config|pkg-config|pkg-config|pkgconf||finds native libraries
library|HiGHS|highs interfaces/highs_c_api.h Highs_create highs|libhighs-dev|highs|nohighs|solves linear, mixed-integer and convex quadratic problems
extra|glpsol|glpsol|glpk-utils|glpk||reads exported models as an independent program (tests only)
extra|lp_solve|lp_solve|lp-solve|lp_solve|nolpsolve|a second solver, with SOS1 sets; found when bilevel starts, and not needed
opened|Ipopt|libipopt.so.3 libipopt.so.1 libipopt.so libipopt.dylib|coinor-libipopt-dev|ipopt|noipopt|a solver of nonlinear problems; opened when bilevel uses it, and not needed
wish|chromium|chromium|chromium|||opens the report in a browser (some tests only)
END
}
