package modfile

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestGoldenErrors reads each malformed model of testdata/errors and compares the message with the golden file beside it.
func TestGoldenErrors(t *testing.T) {
	files, err := filepath.Glob("testdata/errors/*.mod")
	if err != nil || len(files) < 45 {
		t.Fatalf("%d malformed models, %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".mod")
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			_, err = Read(name+".mod", text)
			if err == nil {
				t.Fatal("the model was read without an error")
			}
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("a %T, not an *Error: %v", err, err)
			}
			if e.Line < 1 || e.Column < 1 || e.File != name+".mod" || e.SourceLine == "" {
				t.Errorf("the error has no place: %+v", e)
			}
			got := err.Error() + "\n"
			golden := strings.TrimSuffix(file, ".mod") + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}
