package dataset

import (
	"os"
	"path/filepath"
	"testing"
)

func TestFind(t *testing.T) {
	root := t.TempDir()
	if err := os.MkdirAll(filepath.Join(root, "lib"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("BILEVEL_DATA", root)
	if dir, ok := Find("lib"); !ok || dir != filepath.Join(root, "lib") {
		t.Errorf("got %q, %v", dir, ok)
	}
	if dir, ok := Find("none"); ok {
		t.Errorf("found %q, which is not there", dir)
	}
}
