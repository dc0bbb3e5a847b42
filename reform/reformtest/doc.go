// Package reformtest makes small bilevel problems whose answers are known, for the tests of the exact methods: random instances with every
// trap that a linear or convex quadratic follower can set, their answers by enumeration with arithmetic of its own (no solver of the
// project and none of its optimality conditions takes part), the benchmark families of the literature by a portable random number
// generator, and a harness that compares what a reformulation writes with golden files.
package reformtest
