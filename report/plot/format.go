package plot

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	pdf "codeberg.org/go-pdf/fpdf"
	"gonum.org/v1/plot"
)

// Formats are the names of the picture formats.
var Formats = []string{"svg", "png", "pdf"}

// FormatError is a name of a picture format that is not known.
type FormatError struct{ Format string }

func (e *FormatError) Error() string {
	return fmt.Sprintf("there is no picture format %q; svg, png and pdf are there", e.Format)
}

// known is the name of a format in small letters.
func known(format string) (string, error) {
	format = strings.ToLower(format)
	if !slices.Contains(Formats, format) {
		return "", &FormatError{format}
	}
	return format, nil
}

// Fonts stand in the order of their names in a PDF, not in that of a map.
func init() { pdf.SetDefaultCatalogSort(true) }

// pdfDate is the time in a PDF at which it was made. The same chart has the same bytes, so it is set to a fixed one of the same length.
var pdfDate = regexp.MustCompile(`/(CreationDate|ModDate) \(D:\d{14}\)`)

// write draws a plot in a format.
func write(w io.Writer, p *plot.Plot, format string) error {
	picture, err := p.WriterTo(pictureWidth, pictureHeight, format)
	if err != nil {
		return err
	}
	if format != "pdf" {
		_, err = picture.WriteTo(w)
		return err
	}
	var b bytes.Buffer
	if _, err := picture.WriteTo(&b); err != nil {
		return err
	}
	_, err = w.Write(pdfDate.ReplaceAll(b.Bytes(), []byte("/$1 (D:20000101000000)")))
	return err
}
