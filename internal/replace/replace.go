// Package replace writes files in one step: whoever reads one sees the old or the new text, also after the writer was killed.
package replace

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// File writes a new file beside the old one, waits until it is on the disk, and gives it the name; where write fails, the old one stays.
// Of a symbolic link it is the target that is replaced. What is no regular file, such as a device or a pipe, is written to as it is, and
// so are a file in a folder that takes no new ones, and one that the system calls by a descriptor, as /dev/stderr.
func File(name string, write func(io.Writer) error) error {
	mode := fs.FileMode(0o644)
	old, err := os.Stat(name)
	if err == nil {
		if !old.Mode().IsRegular() || ofSystem(name) {
			return inPlace(name, write)
		}
		mode = old.Mode().Perm()
		if target, err := filepath.EvalSymlinks(name); err == nil {
			name = target
		}
	}
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		if old != nil && errors.Is(err, fs.ErrPermission) {
			return inPlace(name, write)
		}
		return err
	}
	err = write(f)
	if err == nil {
		err = errors.Join(f.Chmod(mode), f.Sync())
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

// ofSystem reports whether the system has made the name, which may lead to a file that is open.
func ofSystem(name string) bool {
	name = filepath.ToSlash(filepath.Clean(name))
	return strings.HasPrefix(name, "/dev/") || strings.HasPrefix(name, "/proc/")
}

// inPlace writes to what has the name.
func inPlace(name string, write func(io.Writer) error) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_TRUNC, 0)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}
