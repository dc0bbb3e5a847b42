package main

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/model/mpsaux"
)

// isMPS reports whether a file is in the MPS format, by the ending of its name.
func isMPS(name string) bool {
	switch strings.ToLower(filepath.Ext(strings.TrimSuffix(name, ".gz"))) {
	case ".mps", ".qps":
		return true
	}
	return false
}

const paramsHint = "write the model as .mod (bilevelc export FILE.mps --format mod) and declare a parameter in it"

// readMPS reads an MPS file and the AUX file that belongs to it: the one of --aux, the second argument, or what stands beside it.
func (in *input) readMPS(names []string) (*bilevel.Model, error) {
	aux := in.aux
	switch {
	case len(in.params) > 0:
		return nil, &usageError{"--param: an MPS file has no parameters", paramsHint}
	case len(names) > 2 || len(names) == 2 && aux != "":
		return nil, &usageError{"an MPS file takes one AUX file", "give MODEL.mps alone, or MODEL.mps and MODEL.aux"}
	case len(names) == 2:
		aux = names[1]
	}
	m, err := mpsaux.ReadFiles(names[0], aux, mpsaux.Options{})
	var path *fs.PathError
	if errors.As(err, &path) {
		return nil, &fileError{path.Path, err}
	}
	return m, err
}
