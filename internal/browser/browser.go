// Package browser drives a headless Chromium for tests, over the pipe of its DevTools protocol. It needs nothing but the program itself.
package browser

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"
)

// Timeout bounds the wait for one answer of the browser.
const Timeout = 30 * time.Second

// names are the programs that are looked for.
var names = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}

// Browser is a running Chromium.
type Browser struct {
	t       *testing.T
	to      io.Writer
	mu      sync.Mutex
	last    int
	waiting map[int]chan message
	pages   map[string]*Page
}

// message is what goes through the pipe, in both directions.
type message struct {
	ID      int             `json:"id,omitempty"`
	Session string          `json:"sessionId,omitempty"`
	Method  string          `json:"method,omitempty"`
	Params  json.RawMessage `json:"params,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   *struct {
		Message string `json:"message"`
	} `json:"error,omitempty"`
}

// Start starts the browser, and ends it when the test ends. Where there is none the test is skipped.
func Start(t *testing.T) *Browser {
	t.Helper()
	program := ""
	for _, n := range names {
		if p, err := exec.LookPath(n); err == nil {
			program = p
			break
		}
	}
	if program == "" {
		t.Skip("there is no Chromium on this machine: the page is not tested in a browser")
	}
	fromTest, toBrowser, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	fromBrowser, toTest, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	// The sandbox needs rights that containers lack; the pages of these tests are our own.
	cmd := exec.Command(program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-extensions",
		"--disable-background-networking", "--remote-debugging-pipe", "--user-data-dir="+t.TempDir(), "about:blank")
	cmd.ExtraFiles = []*os.File{fromTest, toTest}
	if err := cmd.Start(); err != nil {
		t.Skipf("Chromium does not start: %v", err)
	}
	fromTest.Close()
	toTest.Close()
	b := &Browser{t: t, to: toBrowser, waiting: map[int]chan message{}, pages: map[string]*Page{}}
	go b.listen(fromBrowser)
	t.Cleanup(func() {
		b.send("", "Browser.close", nil)
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		select {
		case <-ended:
		case <-time.After(5 * time.Second):
			cmd.Process.Kill()
			<-ended
		}
		toBrowser.Close()
	})
	return b
}

// For lets a part of the test use the browser: what goes wrong is told to it. Parts go one after the other.
func (b *Browser) For(t *testing.T) *Browser {
	outer := b.t
	b.t = t
	t.Cleanup(func() { b.t = outer })
	return b
}

// listen hands answers to who waits for them, and events to their page, until the pipe ends.
func (b *Browser) listen(from io.ReadCloser) {
	defer from.Close()
	r := bufio.NewReaderSize(from, 1<<20)
	for {
		text, err := r.ReadBytes(0)
		if err != nil {
			b.mu.Lock()
			for _, c := range b.waiting {
				close(c)
			}
			b.waiting = nil
			b.mu.Unlock()
			return
		}
		var m message
		if json.Unmarshal(text[:len(text)-1], &m) != nil {
			continue
		}
		b.mu.Lock()
		if c, ok := b.waiting[m.ID]; ok && m.ID > 0 {
			delete(b.waiting, m.ID)
			c <- m
		} else if p := b.pages[m.Session]; p != nil {
			p.event(m)
		}
		b.mu.Unlock()
	}
}

// send sends a command and returns the channel of its answer.
func (b *Browser) send(session, method string, params any) chan message {
	b.mu.Lock()
	defer b.mu.Unlock()
	answer := make(chan message, 1)
	if b.waiting == nil { // the browser is gone
		close(answer)
		return answer
	}
	b.last++
	m := message{ID: b.last, Session: session, Method: method}
	if params != nil {
		m.Params, _ = json.Marshal(params)
	}
	b.waiting[m.ID] = answer
	text, _ := json.Marshal(m)
	b.to.Write(append(text, 0))
	return answer
}

// call sends a command and waits for its answer.
func (b *Browser) call(session, method string, params any) json.RawMessage {
	b.t.Helper()
	select {
	case m, ok := <-b.send(session, method, params):
		if !ok {
			b.t.Fatalf("%s: the browser is gone", method)
		}
		if m.Error != nil {
			b.t.Fatalf("%s: %s", method, m.Error.Message)
		}
		return m.Result
	case <-time.After(Timeout):
		b.t.Fatalf("%s: no answer within %v", method, Timeout)
	}
	return nil
}

// Params are the parameters of a command.
type Params map[string]any

// Page is an open page.
type Page struct {
	b       *Browser
	session string
	loaded  chan struct{}
	// Complaints are the errors and warnings of the page and its script; Requests the addresses that it asked for. Both are read by Troubles.
	complaints, requests []string
}

// Open opens an empty page of so many pixels; dark says which colours the user prefers.
func (b *Browser) Open(width, height int, dark bool) *Page {
	b.t.Helper()
	var target struct {
		TargetID string `json:"targetId"`
	}
	json.Unmarshal(b.call("", "Target.createTarget", Params{"url": "about:blank"}), &target)
	var attached struct {
		SessionID string `json:"sessionId"`
	}
	json.Unmarshal(b.call("", "Target.attachToTarget", Params{"targetId": target.TargetID, "flatten": true}), &attached)
	p := &Page{b: b, session: attached.SessionID, loaded: make(chan struct{}, 16)}
	b.mu.Lock()
	b.pages[p.session] = p
	b.mu.Unlock()
	for _, domain := range []string{"Page", "Runtime", "Log", "Network"} {
		p.Call(domain+".enable", nil)
	}
	p.Call("Emulation.setDeviceMetricsOverride", Params{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false})
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	p.Call("Emulation.setEmulatedMedia", Params{"features": []Params{{"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"}}})
	return p
}

// event notes what a page complains of and asks for. The lock of the browser is held.
func (p *Page) event(m message) {
	switch m.Method {
	case "Page.loadEventFired":
		select {
		case p.loaded <- struct{}{}:
		default:
		}
	case "Runtime.exceptionThrown", "Log.entryAdded":
		p.complaints = append(p.complaints, string(m.Params))
	case "Runtime.consoleAPICalled":
		p.complaints = append(p.complaints, "console: "+string(m.Params))
	case "Network.requestWillBeSent":
		var r struct {
			Request struct {
				URL string `json:"url"`
			} `json:"request"`
		}
		json.Unmarshal(m.Params, &r)
		p.requests = append(p.requests, r.Request.URL)
	}
}

// Call sends a command to the page and returns its result.
func (p *Page) Call(method string, params any) json.RawMessage {
	p.b.t.Helper()
	return p.b.call(p.session, method, params)
}

// Load opens a file, waits until it is loaded, and returns how long that took.
func (p *Page) Load(file string) time.Duration {
	p.b.t.Helper()
	start := time.Now()
	p.Call("Page.navigate", Params{"url": "file://" + file})
	select {
	case <-p.loaded:
	case <-time.After(Timeout):
		p.b.t.Fatalf("%s is not loaded within %v", file, Timeout)
	}
	return time.Since(start)
}

// Eval runs an expression in the page, waits for it where it is a promise, and stores its value in out where that is not nil.
func (p *Page) Eval(expression string, out any) {
	p.b.t.Helper()
	var r struct {
		Result struct {
			Value json.RawMessage `json:"value"`
		} `json:"result"`
		ExceptionDetails *struct {
			Text      string `json:"text"`
			Exception struct {
				Description string `json:"description"`
			} `json:"exception"`
		} `json:"exceptionDetails"`
	}
	if err := json.Unmarshal(p.Call("Runtime.evaluate", Params{"expression": expression, "awaitPromise": true, "returnByValue": true}), &r); err != nil {
		p.b.t.Fatal(err)
	}
	if r.ExceptionDetails != nil {
		p.b.t.Fatalf("%s: %s %s", expression, r.ExceptionDetails.Text, r.ExceptionDetails.Exception.Description)
	}
	if out == nil {
		return
	}
	if err := json.Unmarshal(r.Result.Value, out); err != nil {
		p.b.t.Fatalf("%s: %v in %s", expression, err, r.Result.Value)
	}
}

// Text evaluates an expression to a text.
func (p *Page) Text(expression string) string {
	p.b.t.Helper()
	var s string
	p.Eval("String("+expression+")", &s)
	return s
}

// keys are the codes of the keys that have no letter.
var keys = map[string]int{"Tab": 9, "Enter": 13, "Escape": 27, "PageUp": 33, "PageDown": 34, "End": 35, "Home": 36, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40}

// Press presses and releases a key, by its name or as a character.
func (p *Page) Press(key string) {
	p.b.t.Helper()
	down := Params{"type": "rawKeyDown", "key": key, "code": key, "windowsVirtualKeyCode": keys[key]}
	if keys[key] == 0 {
		down = Params{"type": "keyDown", "key": key, "text": key}
	} else if key == "Enter" {
		down["type"], down["text"] = "keyDown", "\r"
	}
	p.Call("Input.dispatchKeyEvent", down)
	p.Call("Input.dispatchKeyEvent", Params{"type": "keyUp", "key": key, "code": key, "windowsVirtualKeyCode": keys[key]})
}

// Mouse sends an event of the mouse at a place: mouseMoved, mousePressed or mouseReleased.
func (p *Page) Mouse(kind string, x, y float64) {
	p.b.t.Helper()
	m := Params{"type": kind, "x": x, "y": y}
	if kind != "mouseMoved" {
		m["button"], m["clickCount"] = "left", 1
	}
	p.Call("Input.dispatchMouseEvent", m)
}

// Troubles are what the page and its script complained of, and every address but the page's own that it asked for.
func (p *Page) Troubles(own string) []string {
	p.b.mu.Lock()
	defer p.b.mu.Unlock()
	out := append([]string(nil), p.complaints...)
	for _, url := range p.requests {
		if url != "file://"+own && url != "about:blank" {
			out = append(out, "asked for "+url)
		}
	}
	return out
}

// Screenshot writes a picture of what is seen to a file, for a look at it.
func (p *Page) Screenshot(file string) error {
	var r struct {
		Data string `json:"data"`
	}
	if err := json.Unmarshal(p.Call("Page.captureScreenshot", Params{"format": "png"}), &r); err != nil {
		return err
	}
	picture, err := base64.StdEncoding.DecodeString(r.Data)
	if err != nil {
		return fmt.Errorf("screenshot: %w", err)
	}
	return os.WriteFile(file, picture, 0o666)
}
