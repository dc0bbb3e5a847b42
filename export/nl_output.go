package export

import (
	"bufio"
	"encoding/binary"
	"io"
	"math"
	"strconv"
)

// nlOutput writes the elements of the format in its text or its binary form. Errors of the writer below stick and are told by flush.
type nlOutput struct {
	w      *bufio.Writer
	binary bool
}

func newNLOutput(w io.Writer, binary bool) *nlOutput {
	return &nlOutput{w: bufio.NewWriterSize(w, 1<<18), binary: binary}
}

func (o *nlOutput) flush() error { return o.w.Flush() }

// segment writes the head of a segment: its letter and its integers.
func (o *nlOutput) segment(letter byte, values ...int) {
	o.w.WriteByte(letter)
	if o.binary {
		for _, v := range values {
			o.int32(v)
		}
		return
	}
	for k, v := range values {
		if k > 0 {
			o.w.WriteByte(' ')
		}
		o.int(v)
	}
	o.w.WriteByte('\n')
}

// head writes the head of a segment without integers.
func (o *nlOutput) head(letter byte) {
	o.w.WriteByte(letter)
	if !o.binary {
		o.w.WriteByte('\n')
	}
}

// suffix writes the head of a segment of values for the variables.
func (o *nlOutput) suffix(kind, count int, name string) {
	if o.binary {
		o.w.WriteByte('S')
		o.int32(kind)
		o.int32(count)
		o.int32(len(name))
		o.w.WriteString(name)
		return
	}
	o.w.WriteByte('S')
	o.int(kind)
	o.w.WriteByte(' ')
	o.int(count)
	o.w.WriteString(" " + name + "\n")
}

// pair writes an index and a number.
func (o *nlOutput) pair(i int, v float64) {
	if o.binary {
		o.int32(i)
		o.float64(v)
		return
	}
	o.int(i)
	o.w.WriteByte(' ')
	o.float(v)
	o.w.WriteByte('\n')
}

// intPair writes an index and an integer.
func (o *nlOutput) intPair(i, v int) {
	if o.binary {
		o.int32(i)
		o.int32(v)
		return
	}
	o.int(i)
	o.w.WriteByte(' ')
	o.int(v)
	o.w.WriteByte('\n')
}

// count writes an integer on a line of its own.
func (o *nlOutput) count(v int) {
	if o.binary {
		o.int32(v)
		return
	}
	o.int(v)
	o.w.WriteByte('\n')
}

// sides writes the kind and the numbers of a line of the segments r and b.
func (o *nlOutput) sides(kind byte, values ...float64) {
	o.w.WriteByte('0' + kind)
	for _, v := range values {
		if o.binary {
			o.float64(v)
			continue
		}
		o.w.WriteByte(' ')
		o.float(v)
	}
	if !o.binary {
		o.w.WriteByte('\n')
	}
}

// complement writes a complementing constraint in the segment r.
func (o *nlOutput) complement(kind, variable int) {
	o.w.WriteByte('5')
	if o.binary {
		o.int32(kind)
		o.int32(variable)
		return
	}
	o.w.WriteByte(' ')
	o.intPair(kind, variable)
}

// op writes an operation, ref a variable or a common expression, num a number.
func (o *nlOutput) op(code int) { o.segment('o', code) }

func (o *nlOutput) ref(i int) { o.segment('v', i) }

func (o *nlOutput) num(v float64) {
	if o.binary {
		if v == math.Trunc(v) && math.Abs(v) < 1<<15 {
			o.w.WriteByte('s')
			o.w.Write(binary.LittleEndian.AppendUint16(o.w.AvailableBuffer(), uint16(int16(v))))
			return
		}
		o.w.WriteByte('n')
		o.float64(v)
		return
	}
	o.w.WriteByte('n')
	o.float(v)
	o.w.WriteByte('\n')
}

func (o *nlOutput) int(v int) { o.w.Write(strconv.AppendInt(o.w.AvailableBuffer(), int64(v), 10)) }

func (o *nlOutput) float(v float64) { o.w.Write(appendNumber(o.w.AvailableBuffer(), v)) }

func (o *nlOutput) int32(v int) {
	o.w.Write(binary.LittleEndian.AppendUint32(o.w.AvailableBuffer(), uint32(int32(v))))
}

func (o *nlOutput) float64(v float64) {
	o.w.Write(binary.LittleEndian.AppendUint64(o.w.AvailableBuffer(), math.Float64bits(v)))
}
