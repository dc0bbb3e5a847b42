package replace_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/gobilevel/bilevel/internal/replace"
)

func TestFile(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "kept")
	put := func(text string, fail error) error {
		return replace.File(name, func(w io.Writer) error {
			if _, err := io.WriteString(w, text); err != nil {
				return err
			}
			return fail
		})
	}
	broken := errors.New("broken")
	for _, c := range []struct {
		text string
		fail error
		want string
	}{{"first", nil, "first"}, {"half a sec", broken, "first"}, {"second", nil, "second"}} {
		if err := put(c.text, c.fail); !errors.Is(err, c.fail) {
			t.Errorf("%q: %v", c.text, err)
		}
		if got, err := os.ReadFile(name); err != nil || string(got) != c.want {
			t.Errorf("after %q the file has %q, %v", c.text, got, err)
		}
	}
	if list, err := os.ReadDir(dir); err != nil || len(list) != 1 {
		t.Errorf("files are left behind: %v, %v", list, err)
	}
	if err := replace.File(filepath.Join(dir, "none", "kept"), func(io.Writer) error { return nil }); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
}

// A link stays a link, a file keeps its permissions, and a device is written to: replaced, it would be gone for all other programs.
func TestFileKeepsWhatTheNameIs(t *testing.T) {
	dir := t.TempDir()
	write := func(text string) func(io.Writer) error {
		return func(w io.Writer) error {
			_, err := io.WriteString(w, text)
			return err
		}
	}
	target, link := filepath.Join(dir, "target"), filepath.Join(dir, "link")
	if err := os.WriteFile(target, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, link); err != nil {
		t.Skipf("waits for a file system with symbolic links: %v", err)
	}
	if err := replace.File(link, write("new")); err != nil {
		t.Fatal(err)
	}
	if s, err := os.Lstat(link); err != nil || s.Mode().Type() != os.ModeSymlink {
		t.Errorf("the link is %v, %v", s.Mode(), err)
	}
	if got, err := os.ReadFile(target); err != nil || string(got) != "new" {
		t.Errorf("the target has %q, %v", got, err)
	}
	if s, err := os.Stat(target); err != nil || s.Mode().Perm() != 0o600 {
		t.Errorf("the target has the permissions %v, %v", s.Mode(), err)
	}
	device := filepath.Join(dir, "device")
	if err := os.Symlink(os.DevNull, device); err != nil {
		t.Fatal(err)
	}
	if err := replace.File(device, write("lost")); err != nil {
		t.Error(err)
	}
	if s, err := os.Stat(device); err != nil || s.Mode().IsRegular() {
		t.Errorf("the device is %v, %v", s.Mode(), err)
	}
	if err := replace.File(dir, write("x")); err == nil {
		t.Error("a folder was written to")
	}
}
