//go:build cgo && !nolpsolve && (linux || darwin || freebsd)

package lpsolve

import "github.com/gobilevel/bilevel/backends"

func init() {
	if !openLibrary() {
		backends.RegisterAbsent(name, notThere)
		return
	}
	newEngine = func() (engine, error) { return newNative() }
	backends.Register(name, func() backends.Backend { return New() })
}
