package readertest

import (
	"os"

	"github.com/gobilevel/bilevel/model"
)

// Every reports whether the tests of round trips take all models, by BILEVEL_ROUNDTRIP=all, and not only samples and what is of moderate size.
func Every() bool { return os.Getenv("BILEVEL_ROUNDTRIP") == "all" }

// Large reports whether the round trip of a model is left to a run over all.
func Large(m *model.Model) bool { return !Every() && m.NumVars()+m.NumRows() > 2000 }
