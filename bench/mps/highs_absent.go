//go:build nohighs || !cgo

package main

import "errors"

func readByHighs(string) (sample, error) {
	return sample{}, errors.New("this program was built without HiGHS: build it with cgo and without the tag nohighs")
}
