// Package replace writes files in one step: whoever reads one sees the old or the new text, also after the writer was killed.
package replace

import (
	"errors"
	"io"
	"os"
	"path/filepath"
)

// File writes a new file beside the old one, waits until it is on the disk, and gives it the name.
func File(name string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	err = write(f)
	if err == nil {
		err = errors.Join(f.Chmod(0o644), f.Sync())
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}
