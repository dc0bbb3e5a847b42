// Package dataset finds the public problem libraries that tests read and that are not part of the project.
package dataset

import (
	"os"
	"path/filepath"
)

// Find returns the folder of a problem library: below the folder that the environment variable BILEVEL_DATA names or, where it is not
// set, below a folder shared/data that lies beside a folder from the working directory upwards.
func Find(library string) (dir string, ok bool) {
	if root := os.Getenv("BILEVEL_DATA"); root != "" {
		return existing(filepath.Join(root, library))
	}
	at, err := os.Getwd()
	if err != nil {
		return "", false
	}
	for {
		if dir, ok := existing(filepath.Join(at, "shared", "data", library)); ok {
			return dir, true
		}
		up := filepath.Dir(at)
		if up == at {
			return "", false
		}
		at = up
	}
}

func existing(dir string) (string, bool) {
	info, err := os.Stat(dir)
	return dir, err == nil && info.IsDir()
}
