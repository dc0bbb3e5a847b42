package mpsaux_test

import (
	"bytes"
	"io"
	"testing"

	"github.com/gobilevel/bilevel/bench"
	"github.com/gobilevel/bilevel/export"
	"github.com/gobilevel/bilevel/model/mpsaux"
)

// The files of these benchmarks have about 8 MB; bench/mps measures larger ones in pairs with HiGHS.
const benchSize = 50_000

func benchFile(b *testing.B) []byte {
	b.Helper()
	var text bytes.Buffer
	if err := export.WriteMPS(&text, bench.Plain(benchSize)); err != nil {
		b.Fatal(err)
	}
	return text.Bytes()
}

func BenchmarkRead(b *testing.B) {
	text := benchFile(b)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := mpsaux.Read(bytes.NewReader(text), mpsaux.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	text := benchFile(b)
	m, err := mpsaux.Read(bytes.NewReader(text), mpsaux.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if err := export.WriteMPS(io.Discard, m); err != nil {
			b.Fatal(err)
		}
	}
}
