package learning

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// ReadOptions say how a file is read. The zero value takes the last column of a CSV file as the labels.
type ReadOptions struct {
	// Format is "csv" or "libsvm"; "": by the first sample.
	Format string
	// Label names the column of the labels of a CSV file, by its header or by its number from 1; "": the last.
	Label string
}

// ReadFile reads a data set from a file; see Read.
func ReadFile(path string, opt ReadOptions) (*Data, error) {
	f, err := os.Open(path)
	if err != nil {
		problem := err.Error()
		var cause *fs.PathError
		if errors.As(err, &cause) {
			problem = cause.Err.Error()
		}
		return nil, &DataError{File: path, Problem: problem, Remedy: "give the path of a CSV or LIBSVM file", Err: err}
	}
	defer f.Close()
	data, err := Read(f, filepath.Base(path), opt)
	var wrong *DataError
	if errors.As(err, &wrong) {
		wrong.File = path // the data are named by the file alone; who has to mend it needs the way there
	}
	return data, err
}

// Read reads a data set in CSV (with or without a line of names; lines that begin with # are remarks; semicolons or tabs may stand for the commas; a carriage return alone ends a line, too) or in LIBSVM format
// (label index:value ..., features that are left out are zero). Missing values are refused. Errors are of type *DataError.
func Read(r io.Reader, name string, opt ReadOptions) (*Data, error) {
	var lines []line
	s := bufio.NewScanner(r)
	s.Buffer(make([]byte, 1<<16), 1<<26)
	s.Split(scanLines)
	for at := 1; s.Scan(); at++ {
		text := strings.TrimSpace(s.Text())
		if at == 1 {
			text = strings.TrimPrefix(text, "\ufeff")
		}
		if strings.IndexByte(text, 0) >= 0 {
			return nil, &DataError{File: name, Line: at, Problem: "there is a zero byte: this is no text file", Remedy: "give a text file in CSV or LIBSVM format, in UTF-8"}
		}
		if text != "" && text[0] != '#' {
			lines = append(lines, line{at, text})
		}
	}
	if err := s.Err(); err != nil {
		what := err.Error()
		var path *fs.PathError
		if errors.As(err, &path) {
			what = path.Err.Error()
		}
		return nil, &DataError{File: name, Problem: what, Remedy: "give a text file in CSV or LIBSVM format"}
	}
	if len(lines) == 0 {
		return nil, &DataError{File: name, Problem: "there are no samples", Remedy: "give a file with one sample a line"}
	}
	format := opt.Format
	if format == "" {
		format = "csv"
		// A sample in LIBSVM format whose features are all zero is a label alone.
		for _, l := range lines {
			text, _, _ := strings.Cut(l.text, "#")
			if strings.ContainsAny(text, ",;") {
				break
			}
			if strings.Contains(text, ":") {
				format = "libsvm"
				break
			}
			if len(strings.Fields(text)) > 1 {
				break
			}
		}
	}
	switch format {
	case "csv":
		return readCSV(lines, name, opt.Label)
	case "libsvm":
		if opt.Label != "" {
			return nil, &OptionError{"label", "a LIBSVM file has no columns to choose from", "leave it out"}
		}
		return readLibSVM(lines, name)
	}
	return nil, &OptionError{"format", fmt.Sprintf("there is no format %q", format), "the formats are csv and libsvm"}
}

// scanLines is bufio.ScanLines, for which a carriage return alone ends a line, too.
func scanLines(data []byte, atEOF bool) (advance int, token []byte, err error) {
	i := bytes.IndexAny(data, "\r\n")
	switch {
	case i < 0 && atEOF && len(data) > 0:
		return len(data), data, nil
	case i < 0 || data[i] == '\r' && i+1 == len(data) && !atEOF:
		return 0, nil, nil // more is to come
	case data[i] == '\r' && i+1 < len(data) && data[i+1] == '\n':
		return i + 2, data[:i], nil
	}
	return i + 1, data[:i], nil
}

// line is a line of a file with its number from 1.
type line struct {
	at   int
	text string
}
