package library_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/gobilevel/bilevel/bench/library"
)

// A library with one model whose value is known.
func ExampleLibrary_Run() {
	dir, err := os.MkdirTemp("", "library")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	for name, text := range map[string]string{
		"coupled.mod": "var x >= 0, <= 10; lower f; var y >= 0; maximize g: y; subject to a: y <= x; upper; maximize F: x + y; subject to limit: y <= 4;",
		"index.json":  `{"library": "one", "problems": [{"model": "coupled.mod", "value": 8, "proven": true}]}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			log.Fatal(err)
		}
	}
	l, err := library.Open(dir)
	if err != nil {
		log.Fatal(err)
	}
	r, err := l.Run(context.Background(), library.Options{})
	if err != nil {
		log.Fatal(err)
	}
	for _, x := range r.Runs {
		fmt.Println(x.Problem, x.Verdict, x.Objective, x.Proof)
	}
	// Output: coupled solved 8 global
}
