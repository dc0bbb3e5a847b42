//go:build nohighs || !cgo

package highs

import "github.com/gobilevel/bilevel/backends"

func init() { backends.RegisterAbsent(name, howToGet) }
