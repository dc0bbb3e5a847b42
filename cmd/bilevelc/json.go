package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"math"
	"strconv"
	"strings"

	"github.com/gobilevel/bilevel/bench/library"
	"github.com/gobilevel/bilevel/learning"
	"github.com/gobilevel/bilevel/model/jsonfile"
	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/model/mpsaux"
	"github.com/gobilevel/bilevel/model/nl"
)

// jsonWriter writes JSON in the order in which it is told, with two blanks of indentation a level: maps whose order carries meaning (values
// by variable in model order) are no business of encoding/json, and a million values need no copy. An error of the writer below sticks
// and is told by end.
type jsonWriter struct {
	w     *bufio.Writer
	depth int
	some  []bool // by depth: the object or list has an entry
}

func newJSON(w io.Writer) *jsonWriter {
	return &jsonWriter{w: bufio.NewWriterSize(w, 1<<16), some: []bool{false}}
}

// end closes the text.
func (j *jsonWriter) end() error {
	j.w.WriteByte('\n')
	return j.w.Flush()
}

// next begins an entry.
func (j *jsonWriter) next() {
	if j.depth == 0 {
		return
	}
	if j.some[j.depth] {
		j.w.WriteByte(',')
	}
	j.some[j.depth] = true
	j.line()
}

func (j *jsonWriter) line() {
	j.w.WriteByte('\n')
	for range j.depth {
		j.w.WriteString("  ")
	}
}

func (j *jsonWriter) open(bracket byte) {
	j.w.WriteByte(bracket)
	j.depth++
	j.some = append(j.some[:j.depth], false)
}

func (j *jsonWriter) close(bracket byte) {
	any := j.some[j.depth]
	j.depth--
	if any {
		j.line()
	}
	j.w.WriteByte(bracket)
}

// key begins an entry of an object.
func (j *jsonWriter) key(k string) {
	j.next()
	j.quote(k)
	j.w.WriteString(": ")
}

// object writes an object as the value of a key, or as an entry of a list where the key is "".
func (j *jsonWriter) object(k string, fill func()) {
	j.entry(k)
	j.open('{')
	fill()
	j.close('}')
}

// list writes a list as the value of a key.
func (j *jsonWriter) list(k string, fill func()) {
	j.entry(k)
	j.open('[')
	fill()
	j.close(']')
}

func (j *jsonWriter) entry(k string) {
	if k == "" {
		j.next()
		return
	}
	j.key(k)
}

// number writes a number with all its digits; what is not finite is null.
func (j *jsonWriter) number(k string, v float64) {
	j.key(k)
	j.value(v)
}

// value writes a number where a value is due.
func (j *jsonWriter) value(v float64) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		j.w.WriteString("null")
		return
	}
	if v == 0 {
		v = 0 // no -0
	}
	j.w.Write(strconv.AppendFloat(j.w.AvailableBuffer(), v, 'g', -1, 64))
}

func (j *jsonWriter) integer(k string, v int) {
	j.key(k)
	j.w.Write(strconv.AppendInt(j.w.AvailableBuffer(), int64(v), 10))
}

func (j *jsonWriter) boolean(k string, v bool) {
	j.key(k)
	j.w.WriteString(strconv.FormatBool(v))
}

func (j *jsonWriter) null(k string) {
	j.key(k)
	j.w.WriteString("null")
}

func (j *jsonWriter) text(k, v string) {
	j.key(k)
	j.quote(v)
}

func (j *jsonWriter) texts(k string, list []string) {
	j.list(k, func() {
		for _, s := range list {
			j.next()
			j.quote(s)
		}
	})
}

// quote writes a string. Names are almost always plain ASCII.
func (j *jsonWriter) quote(s string) {
	plain := true
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] >= 0x7f {
			plain = false
			break
		}
	}
	if !plain {
		b, err := json.Marshal(s)
		if err != nil { // cannot be: invalid UTF-8 is replaced
			b = []byte(`""`)
		}
		j.w.Write(b)
		return
	}
	j.w.WriteByte('"')
	for i := 0; i < len(s); i++ {
		if s[i] == '"' || s[i] == '\\' {
			j.w.WriteByte('\\')
		}
		j.w.WriteByte(s[i])
	}
	j.w.WriteByte('"')
}

// writeError writes an error as an object of the contract: {"status": "error", "error": {"file", "line", "column", "message"}}. File,
// line and column are null for what has no place in a file.
func writeError(w io.Writer, err error) {
	j := newJSON(w)
	j.object("", func() {
		j.text("status", "error")
		errorObject(j, err)
	})
	j.end() // the caller's writer keeps the error, if there is one
}

func errorObject(j *jsonWriter, err error) {
	file, line, column, message := "", 0, 0, err.Error()
	var inModel *modfile.Error
	var inMPS *mpsaux.Error
	var inJSON *jsonfile.Error
	var inNL *nl.Error
	var inPoint *pointFileError
	var inIndex *library.IndexError
	var inData *learning.DataError
	var inFile *fileError
	var path *fs.PathError
	switch {
	case errors.As(err, &inModel):
		file, line, column, message = inModel.File, inModel.Line, inModel.Column, inModel.Message
		if inModel.Context != "" {
			message += ", in " + strings.TrimPrefix(inModel.Context, "in ")
		}
		if inModel.Expected != "" {
			message += "; expected: " + inModel.Expected
		}
	case errors.As(err, &inMPS):
		file, line, message = inMPS.File, inMPS.Line, inMPS.Reason
		if inMPS.Remedy != "" {
			message += "; " + inMPS.Remedy
		}
	case errors.As(err, &inJSON):
		file, line, column, message = inJSON.File, inJSON.Line, inJSON.Column, inJSON.Message()
	case errors.As(err, &inNL):
		file, line, message = inNL.File, inNL.Line, inNL.Reason
		if inNL.Remedy != "" {
			message += "; " + inNL.Remedy
		}
	case errors.As(err, &inPoint):
		file, line, column, message = inPoint.file, inPoint.line, inPoint.column, inPoint.message
	case errors.As(err, &inIndex):
		file, line, message = inIndex.File, inIndex.Line, inIndex.Reason
		if inIndex.Remedy != "" {
			message += "; " + inIndex.Remedy
		}
	case errors.As(err, &inData):
		file, line, message = inData.File, inData.Line, inData.Problem
		if inData.Remedy != "" {
			message += "; " + inData.Remedy
		}
	case errors.As(err, &inFile):
		file = inFile.name
		if errors.As(err, &path) {
			message = path.Op + ": " + path.Err.Error() + inFile.remedy()
		}
	case errors.As(err, &path):
		file, message = path.Path, path.Op+": "+path.Err.Error()
	}
	j.object("error", func() {
		if file == "" {
			j.null("file")
		} else {
			j.text("file", file)
		}
		place := func(k string, n int) {
			if n == 0 {
				j.null(k)
			} else {
				j.integer(k, n)
			}
		}
		place("line", line)
		place("column", column)
		j.text("message", message)
	})
}
