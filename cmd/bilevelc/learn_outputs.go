package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// outputFile is a file that a flag names for what a run writes.
type outputFile struct{ flag, name string }

// outputs are the files that the flags name, in the order of their checks.
func (f *learnFlags) outputs() []outputFile {
	var out []outputFile
	for _, o := range []outputFile{{"--plot", f.plot}, {"--report", f.report}, {"--model", f.model}, {"--checkpoint", f.keep.checkpoint}, {"--resume", f.keep.resume}} {
		if o.name != "" {
			out = append(out, o)
		}
	}
	return out
}

// checkOutputs finds out before a long search that no file of its end takes the place of the data or of another one, and that pictures, pages and models can be
// written. States are looked at apart, see learnKeep.
func (f *learnFlags) checkOutputs(data string) error {
	list := f.outputs()
	for i, o := range list {
		if isStandardOutput(o.name) {
			continue
		}
		if data != "-" && sameFile(o.name, data) {
			// Another file may stand where a state is kept: it is named there.
			if o.flag == "--resume" {
				continue
			}
			return &usageError{fmt.Sprintf("%s %s: the result would take the place of the data", o.flag, o.name), "name another file"}
		}
		for _, p := range list[:i] {
			if sameFile(o.name, p.name) && !(p.flag == "--checkpoint" && o.flag == "--resume") {
				return &usageError{fmt.Sprintf("%s %s: %s writes to that file, too", o.flag, o.name, p.flag), "name another file"}
			}
		}
		if o.flag == "--checkpoint" || o.flag == "--resume" {
			continue
		}
		if err := probe(o.name); err != nil {
			return unwritable(o.flag, o.name, err)
		}
	}
	return nil
}

// creatable finds out whether a file can be made beside the one that is named, as states are.
func creatable(flag, name string) error {
	file, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return unwritable(flag, name, err)
	}
	if err := errors.Join(file.Close(), os.Remove(file.Name())); err != nil {
		return unwritable(flag, name, err)
	}
	return nil
}

// unwritable says why a file cannot be written, and what to do.
func unwritable(flag, name string, err error) error {
	if s, is := os.Stat(name); is == nil && s.IsDir() {
		return &fileError{name, err}
	}
	folder := filepath.Dir(name)
	switch s, is := os.Stat(folder); {
	case errors.Is(is, fs.ErrNotExist):
		return &usageError{fmt.Sprintf("%s %s: there is no folder %s", flag, name, folder), "make the folder, or name a file in another one"}
	case is == nil && !s.IsDir():
		return &usageError{fmt.Sprintf("%s %s: %s is no folder", flag, name, folder), "name a file in a folder"}
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return &usageError{fmt.Sprintf("%s %s: it cannot be written: %v", flag, name, err), "name a file in a folder that can be written to"}
}
