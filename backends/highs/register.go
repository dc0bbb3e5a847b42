//go:build cgo && !nohighs

package highs

import "github.com/gobilevel/bilevel/backends"

func init() { backends.Register(name, func() backends.Backend { return New() }) }
