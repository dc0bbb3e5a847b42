// Package golden compares what a test got with a file in testdata, and rewrites the file where the test is run with -update.
package golden

import (
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Update is the flag -update of the test.
var Update = flag.Bool("update", false, "rewrite the files in testdata")

// Check compares got with the file.
func Check(t *testing.T, file string, got []byte) {
	t.Helper()
	if *Update {
		if err := os.WriteFile(file, got, 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; go test -update writes it", err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("%s differs from what the test got (-want +got):\n%s", file, d)
	}
}
