package modfile

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// dataFolder finds the folder of the problem collections, or skips the test.
func dataFolder(t testing.TB, sub string) string {
	t.Helper()
	if dir := os.Getenv("BILEVEL_DATA"); dir != "" {
		if dir = filepath.Join(dir, sub); isFolder(dir) {
			return dir
		}
		t.Skipf("no folder %s in BILEVEL_DATA", sub)
	}
	at, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if dir := filepath.Join(at, "..", "shared", "data", sub); isFolder(dir) {
			return dir
		}
		up := filepath.Dir(at)
		if up == at {
			t.Skipf("the problem collection shared/data/%s is not here; set BILEVEL_DATA to its folder", sub)
		}
		at = up
	}
}

func isFolder(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

func readIndex(t testing.TB, dir string, into any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "index.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
}
