package backends

import (
	"fmt"
	"sort"
	"strings"
	"sync"

	"github.com/gobilevel/bilevel/internal/nearest"
)

// Absent describes a backend that this binary was built without.
type Absent struct {
	Name   string
	Reason string // how to get it
}

var registry struct {
	sync.Mutex
	open   map[string]func() Backend
	absent map[string]Absent
}

// Register makes a backend known by its name. It is called from the init function of the backend's package.
func Register(name string, open func() Backend) {
	registry.Lock()
	defer registry.Unlock()
	if registry.open == nil {
		registry.open = map[string]func() Backend{}
	}
	registry.open[name] = open
}

// RegisterAbsent records that this binary lacks a backend and what to do about it.
func RegisterAbsent(name, reason string) {
	registry.Lock()
	defer registry.Unlock()
	if registry.absent == nil {
		registry.absent = map[string]Absent{}
	}
	registry.absent[name] = Absent{name, reason}
}

// Names lists the backends in this binary, sorted.
func Names() []string {
	registry.Lock()
	defer registry.Unlock()
	names := make([]string, 0, len(registry.open))
	for n := range registry.open {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

// Missing lists the backends that this binary was built without, sorted by name.
func Missing() []Absent {
	registry.Lock()
	defer registry.Unlock()
	out := make([]Absent, 0, len(registry.absent))
	for _, a := range registry.absent {
		out = append(out, a)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out
}

// UnknownError says that no backend of a name is in this binary.
type UnknownError struct {
	Name   string
	Reason string   // set where the binary was built without it
	Have   []string // the names that there are
}

func (e *UnknownError) Error() string {
	if e.Reason != "" {
		return fmt.Sprintf("backend %s is not in this binary: %s", e.Name, e.Reason)
	}
	near := nearest.DidYouMean(e.Name, e.Have)
	if near != "" {
		near += " "
	}
	return fmt.Sprintf("there is no backend %q; %sthis binary has: %s", e.Name, near, strings.Join(e.Have, ", "))
}

// Open returns the backend of a name, or an *UnknownError.
func Open(name string) (Backend, error) {
	registry.Lock()
	open, ok := registry.open[name]
	absent := registry.absent[name]
	registry.Unlock()
	if !ok {
		return nil, &UnknownError{Name: name, Reason: absent.Reason, Have: Names()}
	}
	return open(), nil
}
