package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"github.com/gobilevel/bilevel/internal/replace"
)

// isStandardOutput reports whether the name of an output means standard output. The names that the system has for it are known here,
// because descriptor 1, which they lead to, is kept from the native solvers; see ownStdout.
func isStandardOutput(name string) bool {
	switch name {
	case "", "-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1":
		return true
	}
	return false
}

// writeTo writes a file, or standard output where the name means that. Where the writing fails, an old file stays as it was.
func (a *app) writeTo(name string, write func(io.Writer) error) error {
	if isStandardOutput(name) {
		return write(a.out)
	}
	var failed error // in what is written, which is no trouble with the file
	err := replace.File(name, func(w io.Writer) error {
		failed = write(w)
		return failed
	})
	var path *fs.PathError
	switch {
	case err == nil:
		return nil
	case failed != nil && !errors.As(failed, &path):
		return failed
	}
	return &fileError{name, err}
}

// writable finds out before a long run whether the files of its end can be written, and that none of them is one of the inputs or
// another output.
func writable(inputs []string, outputs ...string) error {
	for i, name := range outputs {
		if isStandardOutput(name) {
			continue
		}
		for _, other := range inputs {
			if sameFile(name, other) {
				return &usageError{fmt.Sprintf("%s: what is written would take the place of what is read", name), "name another file"}
			}
		}
		for _, other := range outputs[:i] {
			if !isStandardOutput(other) && sameFile(name, other) {
				return &usageError{fmt.Sprintf("%s is to be written twice", name), "name two files"}
			}
		}
		if err := probe(name); err != nil {
			return &fileError{name, err}
		}
	}
	return nil
}

// inputsOf are the files that a run reads: those of the model, and what flags name.
func inputsOf(names []string, more ...string) []string {
	inputs := slices.Clone(names)
	for _, name := range more {
		if name != "" {
			inputs = append(inputs, name)
		}
	}
	return inputs
}

// sameFile reports whether two names lead to one file, also through links, or would.
func sameFile(a, b string) bool {
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	if errX == nil && errY == nil {
		return os.SameFile(x, y)
	}
	p, errX := filepath.Abs(a)
	q, errY := filepath.Abs(b)
	return errX == nil && errY == nil && p == q
}

// probe finds out whether a file can be written, and leaves it as it is: one that is not there does not appear for a moment, since
// somebody may wait for it. What is neither a file nor a folder is not opened: whoever reads from a pipe would take that for its end.
func probe(name string) error {
	s, err := os.Stat(name)
	switch {
	case err == nil && s.IsDir():
		return &fs.PathError{Op: "open", Path: name, Err: syscall.EISDIR}
	case err == nil && !s.Mode().IsRegular():
		return nil
	case err == nil:
		f, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		return f.Close()
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".bilevelc.*")
	if err != nil {
		var path *fs.PathError
		if errors.As(err, &path) {
			path.Path = name
		}
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}
