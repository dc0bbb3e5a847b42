package report

import (
	"io"
	"math"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// State is how far a solve has got. Values that do not exist are NaN.
type State struct {
	Step, Message         string
	Nodes, Iteration      int
	Incumbent, Bound, Gap float64
	Elapsed               time.Duration
}

// Progress shows the states of a running solve. On a terminal it is one line that is written over; elsewhere it is a line now and then:
// after one second, then at distances that grow with the time that has passed, from two seconds to a minute, and sooner for a new
// incumbent. All methods may be called from any goroutine.
type Progress struct {
	w        io.Writer
	terminal bool
	style    Style

	mu        sync.Mutex
	last      State
	seen      bool
	shownAt   time.Duration // elapsed time of the last line; negative before the first
	incumbent float64       // of the last line
	open      bool          // a line stands on the terminal
	started   time.Time
	stop      chan struct{}
	stopped   sync.WaitGroup
}

// NewProgress returns a Progress that writes to w. On a terminal it also keeps the time running between two states, until Done.
func NewProgress(w io.Writer, terminal bool, s Style) *Progress {
	p := &Progress{w: w, terminal: terminal, style: s, shownAt: -time.Hour, incumbent: math.NaN(), started: time.Now(), stop: make(chan struct{})}
	if terminal {
		p.stopped.Add(1)
		go p.tick(p.stop)
	}
	return p
}

// refresh is how often the line on a terminal is written anew at most.
const refresh = 200 * time.Millisecond

func (p *Progress) tick(stop <-chan struct{}) {
	defer p.stopped.Done()
	t := time.NewTicker(refresh)
	defer t.Stop()
	for {
		select {
		case <-stop:
			return
		case <-t.C:
			p.mu.Lock()
			if now := time.Since(p.started); p.seen && now > p.last.Elapsed {
				p.last.Elapsed = now
				p.paintLine()
			}
			p.mu.Unlock()
		}
	}
}

// Show takes a new state.
func (p *Progress) Show(s State) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s.Message == "" && s.Step == p.last.Step {
		s.Message = p.last.Message
	}
	p.last, p.seen = s, true
	if p.terminal {
		if s.Elapsed-p.shownAt >= refresh {
			p.paintLine()
		}
		return
	}
	if s.Elapsed < time.Second {
		return
	}
	wait := min(max(s.Elapsed/5, 2*time.Second), time.Minute)
	if !math.IsNaN(s.Incumbent) && s.Incumbent != p.incumbent {
		wait = min(wait, 2*time.Second)
	}
	if s.Elapsed-p.shownAt >= wait {
		p.shownAt, p.incumbent = s.Elapsed, s.Incumbent
		io.WriteString(p.w, p.line()+"\n")
	}
}

func (p *Progress) paintLine() {
	p.shownAt, p.open = p.last.Elapsed, true
	line := p.line()
	if r := []rune(line); len(r) >= p.style.width() {
		line = string(r[:p.style.width()-1])
	}
	io.WriteString(p.w, "\r"+line+"\x1b[K")
}

// Println writes a line of its own: on a terminal above the line of progress.
func (p *Progress) Println(line string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.open {
		io.WriteString(p.w, line+"\n")
		return
	}
	io.WriteString(p.w, "\r\x1b[K"+line+"\n")
	p.paintLine()
}

// Done ends the progress: the line on a terminal is wiped. It may be called more than once.
func (p *Progress) Done() {
	p.mu.Lock()
	if p.stop != nil {
		close(p.stop)
		p.stop = nil
	}
	p.mu.Unlock()
	p.stopped.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.open {
		io.WriteString(p.w, "\r\x1b[K")
		p.open = false
	}
}

// line is the state in words: "12.3 s  milp  incumbent 497.5  bound 500  gap 0.503 %  1204 nodes".
func (p *Progress) line() string {
	s := p.last
	var b strings.Builder
	word := func(t string) {
		if b.Len() > 0 {
			b.WriteString("  ")
		}
		b.WriteString(t)
	}
	clock := Seconds(s.Elapsed.Truncate(100 * time.Millisecond).Seconds())
	word(strings.Repeat(" ", max(0, 7-utf8.RuneCountInString(clock))) + clock)
	word(s.Step)
	if !math.IsNaN(s.Incumbent) {
		word("incumbent " + Number(s.Incumbent))
	}
	if !math.IsNaN(s.Bound) && !math.IsInf(s.Bound, 0) {
		word("bound " + Number(s.Bound))
	}
	if !math.IsNaN(s.Gap) && !math.IsInf(s.Gap, 0) {
		word("gap " + Percent(s.Gap))
	}
	switch {
	case s.Nodes > 0:
		word(Count(s.Nodes, "node"))
	case s.Iteration > 0:
		word(strconv.Itoa(s.Iteration) + " iterations")
	}
	if s.Message != "" {
		word(s.Message)
	}
	return b.String()
}
