package main

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/model/jsonfile"
	"github.com/gobilevel/bilevel/model/nl"
)

// storedKind is the format of a file that holds a whole model without parameters, JSON or NL, by the ending of its name; "" for others.
func storedKind(name string) string {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".json":
		return "JSON"
	case ".nl":
		return "NL"
	}
	return ""
}

const storedHint = "write the model as .mod (bilevelc export FILE --format mod) and declare a parameter in it"

// readStored reads a model from a JSON file, or from an .nl file with the names beside it.
func (in *input) readStored(kind string, names []string) (*bilevel.Model, error) {
	switch {
	case len(in.params) > 0:
		return nil, &usageError{"--param: a file of " + kind + " has no parameters", storedHint}
	case in.aux != "":
		return nil, &usageError{"--aux " + in.aux + ": " + names[0] + " is no MPS file", "leave --aux out, or give a file that ends in .mps"}
	case len(names) > 1:
		return nil, &usageError{"a file of " + kind + " holds the whole model", "give " + names[0] + " alone"}
	}
	read := jsonfile.ReadFile
	if kind == "NL" {
		read = nl.ReadFile
	}
	m, err := read(names[0])
	var path *fs.PathError
	if errors.As(err, &path) {
		return nil, &fileError{path.Path, err}
	}
	return m, err
}
