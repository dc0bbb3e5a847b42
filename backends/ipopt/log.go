package ipopt

import (
	"bufio"
	"fmt"
	"os"
)

// logPipe is a file for the library to write its log to. Each line is handed on as soon as it is complete.
type logPipe struct {
	writer *os.File
	done   chan struct{}
}

func newLogPipe(line func(string)) (*logPipe, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	l := &logPipe{w, make(chan struct{})}
	go func() {
		defer close(l.done)
		defer r.Close()
		lines := bufio.NewScanner(r)
		for lines.Scan() {
			line(lines.Text())
		}
	}()
	return l, nil
}

// name is what opens the writing end once more.
func (l *logPipe) name() string { return fmt.Sprintf("/dev/fd/%d", l.writer.Fd()) }

// close ends the log, once the library has closed its file, and waits until all lines are handed on.
func (l *logPipe) close() {
	if l != nil {
		l.writer.Close()
		<-l.done
	}
}
