//go:build nohighs || !cgo

package highsread

// File is ErrAbsent in this program.
func File(string) (Reading, error) { return Reading{}, ErrAbsent }
