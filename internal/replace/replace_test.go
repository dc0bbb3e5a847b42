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
