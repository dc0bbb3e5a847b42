//go:build nolpsolve || !cgo || !(linux || darwin || freebsd)

package lpsolve

import "github.com/gobilevel/bilevel/backends"

func init() { backends.RegisterAbsent(name, builtWithout) }
