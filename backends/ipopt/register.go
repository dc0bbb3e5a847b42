//go:build cgo && !noipopt && (linux || darwin || freebsd)

package ipopt

import "github.com/gobilevel/bilevel/backends"

func init() {
	if reason := absence(); reason != "" {
		backends.RegisterAbsent(name, reason)
		return
	}
	nativeVersion = version
	newEngine = func(t *task) (engine, error) {
		if err := load(); err != nil {
			return nil, err
		}
		return newNative(t), nil
	}
	concurrent = sharesNothing
	backends.Register(name, func() backends.Backend { return New() })
}
