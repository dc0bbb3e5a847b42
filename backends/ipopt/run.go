package ipopt

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gobilevel/bilevel/model/smooth"
)

// grace is how long a solve waits, after its context is done, for the library to notice.
const grace = 300 * time.Millisecond

// concurrent reports whether the library may run several solves at the same time.
var concurrent = func() bool { return false }

// turn is held by the one solve that is in the library where that may run one at a time only. A solve that evaluates functions of its
// program is out of the library and lets others go on, so that these functions may themselves solve programs.
var turn sync.Mutex

// outcome is how a solve in the library ended.
type outcome struct {
	code code
	err  error
}

// solve runs the library in a goroutine of its own, so that the caller need not wait longer than its context allows.
func (t *task) solve(ctx context.Context, how attempt, iterations int, start smooth.Start) (code, error) {
	if ctx.Err() != nil {
		return codeNotStarted, nil
	}
	e, err := newEngine(t)
	if err != nil {
		return 0, err
	}
	t.engine, t.alone = e, !concurrent()
	options := how.settings(t.opt, iterations, start.Rows != nil || start.Lower != nil || start.Upper != nil)
	done := make(chan outcome, 1)
	go func() { done <- t.run(options) }()
	select {
	case o := <-done:
		return t.ending(o)
	case <-ctx.Done():
	}
	e.stop()
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case o := <-done:
		return t.ending(o)
	case <-timer.C:
	}
	t.mu.Lock() // waits for a function of the program that is being evaluated
	t.left = true
	began := t.began
	t.mu.Unlock()
	if !began {
		return codeNotStarted, nil
	}
	return t.ending(outcome{code: codeLeftRunning})
}

// run makes the problem, solves it and frees it.
func (t *task) run(options []option) outcome {
	e := t.engine
	if t.alone {
		turn.Lock()
		defer turn.Unlock()
	}
	t.mu.Lock()
	left := t.left
	t.began = !left
	t.mu.Unlock()
	if left { // while it waited for its turn
		e.free()
		return outcome{code: codeNotStarted}
	}
	if err := t.prepare(options); err != nil {
		e.free()
		return outcome{err: err}
	}
	var log *logPipe
	if t.opt.Log != nil {
		log = t.openLog()
	}
	c := e.run()
	e.free() // and with it the library's end of the log
	log.close()
	return outcome{code: c}
}

// ending tells what is the caller's fault from what is an answer.
func (t *task) ending(o outcome) (code, error) {
	c := o.code
	switch {
	case o.err != nil:
		return c, o.err
	case t.panicked != nil:
		return c, &PanicError{t.panicked}
	case c == codeOption:
		var given []string
		for _, o := range nativeOptions(t.opt.Native) {
			given = append(given, o.name+"="+o.text)
		}
		return c, &OptionError{"Native", strings.Join(given, " "), "the solver found one of these wrong, or what it asks for is not in this library"}
	}
	return c, nil
}

// prepare makes the problem in the library and sets its options.
func (t *task) prepare(options []option) error {
	if !t.engine.make() {
		return &ProgramError{-1, -1, "the solver refused to make the problem, for lack of memory"}
	}
	for _, o := range options {
		if !t.engine.set(o) {
			return &OptionError{o.name, o.value(), "the solver refused it"}
		}
	}
	for _, o := range nativeOptions(t.opt.Native) {
		if o.name == printLevel {
			continue
		}
		if !t.setNative(o) {
			return &OptionError{o.name, o.text, "the solver knows no such option, or not this value of it"}
		}
	}
	return nil
}

// setNative sets an option of which only its text is known. Which numbers are integers to the library says a list; where the list is wrong, the
// other type is tried.
func (t *task) setNative(o option) bool {
	if t.engine.set(o) {
		return true
	}
	switch o.kind {
	case integerOption:
		o.kind = numberOption
	case numberOption:
		o.kind, o.integer = integerOption, int(o.number)
		if float64(o.integer) != o.number {
			return false
		}
	default:
		return false
	}
	return t.engine.set(o)
}

const (
	printLevel      = "print_level"
	defaultLogLevel = 5
)

// openLog gives the library a file that leads back to us. Where that can't be, the log says so.
func (t *task) openLog() *logPipe {
	level := defaultLogLevel
	if v, err := strconv.Atoi(t.opt.Native[printLevel]); err == nil {
		level = v
	}
	log, err := newLogPipe(t.logLine)
	if err == nil && !t.engine.logTo(log.name(), level) {
		log.close()
		err = fmt.Errorf("the solver can't write to %s", log.name())
	}
	if err != nil {
		t.logLine("no log: " + err.Error())
		return nil
	}
	return log
}

// logLine hands on a line, never while Options.Progress runs.
func (t *task) logLine(line string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.left {
		t.opt.Log(line)
	}
}
