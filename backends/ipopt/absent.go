//go:build noipopt || !cgo || !(linux || darwin || freebsd)

package ipopt

import "github.com/gobilevel/bilevel/backends"

func init() { backends.RegisterAbsent(name, builtWithout) }
