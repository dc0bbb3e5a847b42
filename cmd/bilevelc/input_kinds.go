package main

import (
	"path/filepath"
	"strings"
)

// readable says which files hold a model.
const readable = "a model is read as .mod (with data in .dat), .json, .nl, or .mps with .aux"

// unreadable are endings of files that are no models for this command, with what they are and how to get to one.
var unreadable = map[string]struct{ what, remedy string }{
	".lp":       {"an LP file", "another program turns it into MPS, for instance glpsol --lp FILE.lp --check --wfreemps FILE.mps; an AUX file then says what is the follower's. Of a model of your own, export the original with --format json or mod"},
	".gms":      {"a GAMS program", "write the model as .mod (docs/language.md); what bilevelc exported as gams, export again with --format json or mod"},
	".tex":      {"a LaTeX document", "write the model as .mod (docs/language.md); latex is written for people, and --format json or mod for programs"},
	".md":       {"a Markdown document", "write the model as .mod (docs/language.md); markdown is written for people, and --format json or mod for programs"},
	".html":     {"a page", "give the model that it was made of"},
	".go":       {"a Go program", "run it with go run; bilevel.Solve and export.WriteJSON are called from it"},
	".aux":      {"the AUX file of an MPS file", "give the MPS file first: bilevelc solve FILE.mps FILE.aux"},
	".sol":      {"a file with a solution", "give the model first; bilevelc check MODEL POINT.json measures a point"},
	".csv":      {"a table", "write its numbers as data in a .dat file (docs/language.md); bilevelc learn reads samples as CSV"},
	".xlsx":     {"a spreadsheet", "write its numbers as data in a .dat file (docs/language.md)"},
	".gdx":      {"data of GAMS", "write its numbers as data in a .dat file (docs/language.md)"},
	".run":      {"a script of AMPL", "give the model and data files themselves"},
	".ampl":     {"a model for AMPL", "name it .mod: bilevelc reads a subset of the language (docs/language.md)"},
	".jl":       {"a program in Julia", "write the model as .mod (docs/language.md)"},
	".py":       {"a program in Python", "write the model as .mod (docs/language.md)"},
	".cbf":      {"a conic program", "write the model as .mod (docs/language.md)"},
	".markdown": {"a Markdown document", "write the model as .mod (docs/language.md); markdown is written for people, and --format json or mod for programs"},
}

// checkKinds refuses, by the endings of their names, files that cannot be a model and its data.
func checkKinds(names []string) error {
	for i, name := range names {
		ending := strings.ToLower(filepath.Ext(name))
		if i > 0 && isMPS(names[0]) {
			continue // its AUX file, whatever that is called; readMPS says what else it takes
		}
		if k, is := unreadable[ending]; is {
			return &usageError{name + " is " + k.what + ", which bilevelc does not read: " + readable, k.remedy}
		}
		switch {
		case i == 0 && ending == ".dat":
			return &usageError{name + " is a file with data, and stands where the model is due", "give the model first: bilevelc COMMAND MODEL.mod " + name}
		case i > 0 && ending == ".mod":
			return &usageError{name + " is a second model file after " + names[0] + ": one model is read, and what follows it is data", "join the two in one file; if it holds data, name it .dat; bilevelc bench solves many models"}
		case i > 0 && ending == ".json" && storedKind(names[0]) == "":
			return &usageError{name + " is JSON, and stands where data of " + names[0] + " are due", "a point to start from is given by --start, one to check to bilevelc check; data are written in a .dat file (docs/language.md)"}
		}
	}
	return nil
}
