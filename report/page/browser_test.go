package page_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/internal/browser"
)

// open opens a page and waits until its script has run.
func open(t *testing.T, b *browser.Browser, file string, width int, dark bool) *browser.Page {
	t.Helper()
	p := b.Open(width, 900, dark)
	p.Load(file)
	if ready := p.Text("document.documentElement.dataset.ready"); ready != "yes" {
		t.Fatalf("the script of the page has not run to its end: %q, %v", ready, p.Troubles(file))
	}
	if folder := os.Getenv("BILEVEL_SCREENSHOTS"); folder != "" { // for a look at the pages
		name := strings.NewReplacer("/", "-", " ", "-").Replace(t.Name()) + fmt.Sprintf("-%d-%v.png", width, dark)
		if err := p.Screenshot(filepath.Join(folder, name)); err != nil {
			t.Error(err)
		}
	}
	return p
}

// quiet checks that the page complains of nothing and asks for nothing.
func quiet(t *testing.T, p *browser.Page, file string) {
	t.Helper()
	for _, s := range p.Troubles(file) {
		t.Errorf("the page is in trouble: %s", s)
	}
}

// cells are the texts of a column of the rows that a table shows.
func cells(p *browser.Page, table string, column int) []string {
	text := p.Text(fmt.Sprintf(`[...document.querySelectorAll('[data-table=%q] tbody tr:not(.gap) td:nth-child(%d)')].map(e => e.textContent).join('|')`, table, column))
	return strings.Split(text, "|")
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// TestInBrowser looks at the page in one headless Chromium.
func TestInBrowser(t *testing.T) {
	b := browser.Start(t)
	for _, c := range []struct {
		name string
		test func(*testing.T, *browser.Browser)
	}{
		{"tables sort and filter", testTables},
		{"charts respond", testCharts},
		{"narrow screen", testNarrow},
		{"keyboard", testKeyboard},
		{"dark and light", testColours},
		{"hostile texts", testHostile},
		{"large tables", testLarge},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, b.For(t)) })
	}
}

func testTables(t *testing.T, b *browser.Browser) {
	f := file(t, full(t))
	p := open(t, b, f, 1200, false)
	equal(t, "variables in the order of the model", cells(p, "variables", 1)[:3], []string{"toll[2,3]", "toll[1,3]", "flow[1,1,2]"})
	click := func(selector string) { p.Eval(fmt.Sprintf("document.querySelector(%q).click()", selector), nil) }
	const value = `[data-table="variables"] th:nth-child(3) button`
	click(value)
	equal(t, "rising values", cells(p, "variables", 3), strings.Fields("0 0 0 0 1 1 1 1 2 2 2 3 3 3"))
	equal(t, "aria-sort", p.Text(`document.querySelector('[data-table="variables"] th:nth-child(3)').getAttribute('aria-sort')`), "ascending")
	click(value)
	equal(t, "falling values", cells(p, "variables", 3), strings.Fields("3 3 3 2 2 2 1 1 1 1 0 0 0 0"))
	equal(t, "equal values in the order of the model", cells(p, "variables", 1)[:3], []string{"flow[1,2,3]", "flow[2,2,3]", "flow[3,2,3]"})
	click(value)
	equal(t, "the order of the model again", cells(p, "variables", 1)[0], "toll[2,3]")
	click(`[data-table="variables"] th:nth-child(1) button`)
	equal(t, "names", cells(p, "variables", 1)[:2], []string{"flow[1,1,2]", "flow[1,1,3]"})

	filter := func(text string) {
		p.Eval(fmt.Sprintf(`(async () => {
			const e = document.querySelector('[data-table="variables"] input[type=search]');
			e.value = %q; e.dispatchEvent(new Event('input'));
			await new Promise(done => setTimeout(done, 200));
		})()`, text), nil)
	}
	filter("TOLL")
	equal(t, "filtered", cells(p, "variables", 1), []string{"toll[1,3]", "toll[2,3]"})
	equal(t, "count", p.Text(`document.getElementById('variables-count').textContent`), "2 of 14 rows")
	filter("flow >=2 <3")
	equal(t, "by value", cells(p, "variables", 3), []string{"2", "2", "2"})
	filter("no such")
	equal(t, "nothing left", cells(p, "variables", 1), []string{""})
	filter("")
	p.Eval(`(() => { const s = document.querySelector('[data-table="variables"] select'); s.value = '0'; s.dispatchEvent(new Event('change')); })()`, nil)
	equal(t, "the leader's", cells(p, "variables", 1), []string{"toll[1,3]", "toll[2,3]"})
	click(`[data-table="variables"] input[type=checkbox]`)
	equal(t, "without zeros", cells(p, "variables", 1), []string{"toll[1,3]"})
	equal(t, "no bound", p.Text(`document.querySelector('[data-table="constraints"] tbody tr td:nth-child(5)').textContent`), "1")
	p.Eval(`document.querySelectorAll('details').forEach(e => { e.open = true; })`, nil)
	p.Eval(`new Promise(done => setTimeout(done, 100))`, nil)
	equal(t, "a table in a part that was closed", len(cells(p, "places", 1)), 21)
	quiet(t, p, f)
}

func testCharts(t *testing.T, b *browser.Browser) {
	f := file(t, full(t))
	p := open(t, b, f, 1200, false)
	read := func() string {
		return p.Text(`document.querySelector('[data-chart="response-leader"] output').textContent`)
	}
	ticks := func() string {
		return p.Text(`[...document.querySelectorAll('[data-chart="response-leader"] svg text')].map(e => e.textContent).join(' ')`)
	}
	p.Eval(`document.querySelector('[data-chart="response-leader"] svg').focus()`, nil)
	p.Press("ArrowRight")
	p.Press("ArrowRight")
	equal(t, "by keys", read(), "toll[1,3] 0.2; ties for the leader: 2; ties against the leader: 2")
	p.Press("End")
	equal(t, "the last place", read(), "toll[1,3] 4; ties for the leader: –; ties against the leader: –; no verified answer")
	p.Press("Home")
	before := ticks()
	p.Press("+")
	if after := ticks(); after == before {
		t.Errorf("the zoom by key changes nothing: %s", after)
	}
	p.Press("0")
	equal(t, "all again", ticks(), before)

	var box struct{ X, Y, Width, Height float64 }
	p.Eval(`(() => { const e = document.querySelector('[data-chart="response-leader"] svg'); e.scrollIntoView({ block: 'center' });
		const r = e.getBoundingClientRect(); return { X: r.left, Y: r.top, Width: r.width, Height: r.height }; })()`, &box)
	p.Mouse("mouseMoved", box.X+box.Width/2, box.Y+box.Height/2)
	if text := read(); !strings.HasPrefix(text, "toll[1,3] 2; ties for the leader: 20; ties against the leader: 0") && !strings.HasPrefix(text, "toll[1,3] 1.8") {
		t.Errorf("under the pointer: %s", text)
	}
	p.Mouse("mousePressed", box.X+box.Width/2, box.Y+box.Height/2)
	p.Mouse("mouseMoved", box.X+box.Width*0.75, box.Y+box.Height/2)
	p.Mouse("mouseReleased", box.X+box.Width*0.75, box.Y+box.Height/2)
	if zoomed := ticks(); zoomed == before || strings.Contains(zoomed, " 0.5 ") {
		t.Errorf("dragging does not zoom: %s", zoomed)
	}
	p.Eval(`document.querySelector('[data-chart="response-leader"] button[aria-label="Show all"]').click()`, nil)
	ways := `document.querySelectorAll('[data-chart="response-leader"] svg .way').length`
	equal(t, "curves", p.Text(ways), "2")
	p.Eval(`document.querySelector('[data-chart="response-leader"] .legend button').click()`, nil)
	equal(t, "curves without the first", p.Text(ways), "1")
	if d := p.Text(`document.querySelector('[data-chart="progress"] svg .way').getAttribute('d')`); !strings.Contains(d, "H") || strings.Contains(d, "NaN") {
		t.Errorf("the progress is drawn as %s", d)
	}
	equal(t, "ties in the inducible region", p.Text(`document.querySelectorAll('[data-chart="response-answers"] svg .tie').length`), "1")
	equal(t, "drawn without NaN", p.Text(`[...document.querySelectorAll('svg')].some(e => e.outerHTML.includes('NaN'))`), "false")
	quiet(t, p, f)
}

// On a narrow screen nothing but tables, figures and formulas scrolls sideways, and these in their own place.
func testNarrow(t *testing.T, b *browser.Browser) {
	for name, pg := range map[string]func() string{"full": func() string { return file(t, full(t)) }, "hostile": func() string { return file(t, hostile()) }} {
		f := pg()
		for _, width := range []int{320, 480, 1400} {
			p := open(t, b, f, width, false)
			var wide float64
			p.Eval("document.documentElement.scrollWidth", &wide)
			if wide > float64(width) {
				t.Errorf("%s: on %d pixels the page is %v wide; too wide: %s", name, width, wide,
					p.Text(`[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.scroll,.plain,.formula,svg')).map(e => e.tagName + '.' + e.className).slice(0, 5).join(', ')`))
			}
			quiet(t, p, f)
		}
	}
}

// Every control is reached by the Tab key, and has a name for those who hear the page.
func testKeyboard(t *testing.T, b *browser.Browser) {
	f := file(t, full(t))
	p := open(t, b, f, 1000, false)
	p.Eval(`window.controls = new Set([...document.querySelectorAll('a[href], button, input, select, summary, svg[tabindex], .scroll')].filter(e => e.checkVisibility()))`, nil)
	var n int
	p.Eval("controls.size", &n)
	if n < 60 {
		t.Fatalf("only %d controls", n)
	}
	for range n + 20 { // formulas and tables that scroll are stops too
		p.Press("Tab")
		p.Eval("controls.delete(document.activeElement)", nil)
	}
	equal(t, "controls that are not reached", p.Text(`[...controls].map(e => e.tagName + ' ' + e.textContent.slice(0, 30)).join('; ')`), "")
	equal(t, "controls without a name", p.Text(`[...document.querySelectorAll('button, input, select, svg[tabindex], .scroll')].filter(e =>
		!(e.getAttribute('aria-label') || e.textContent.trim() && e.tagName === 'BUTTON' || e.closest('label'))).map(e => e.outerHTML.slice(0, 60)).join('; ')`), "")
	p.Eval(`document.querySelector('[data-table="variables"] th button').focus()`, nil)
	p.Press("Enter")
	equal(t, "sorted by the Enter key", cells(p, "variables", 1)[0], "flow[1,1,2]")
	quiet(t, p, f)
}

// The colours follow the user's wish, and texts stand out from what is behind them.
func testColours(t *testing.T, b *browser.Browser) {
	f := file(t, full(t))
	paper := map[bool]string{}
	for _, dark := range []bool{false, true} {
		p := open(t, b, f, 1000, dark)
		paper[dark] = p.Text("getComputedStyle(document.body).backgroundColor")
		equal(t, fmt.Sprintf("dark %v: texts with a contrast below 4.5", dark), p.Text(`(() => {
			const light = c => { const [r, g, b] = c.match(/[\d.]+/g).map(v => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
			const back = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if (!/, 0\)$|transparent|color\(/.test(c)) return c; } return 'rgb(255, 255, 255)'; };
			const bad = new Set();
			for (const e of document.querySelectorAll('p, li, td, th, dt, dd, a:not(.skip), button, h1, h2, h3, span, figcaption, summary, label')) {
				if (!e.textContent.trim() || !e.checkVisibility()) continue;
				const a = light(getComputedStyle(e).color), c = light(back(e));
				const ratio = (Math.max(a, c) + 0.05) / (Math.min(a, c) + 0.05);
				if (ratio < 4.5) bad.add(e.tagName + '.' + e.className + ' ' + ratio.toFixed(1));
			}
			return [...bad].join('; ');
		})()`), "")
		quiet(t, p, f)
	}
	if paper[false] == paper[true] {
		t.Errorf("dark and light have the same paper %s", paper[true])
	}
}

// What looks like markup in names and texts is shown as it is.
func testHostile(t *testing.T, b *browser.Browser) {
	f := file(t, hostile())
	p := open(t, b, f, 1000, false)
	p.Eval(`document.querySelectorAll('details').forEach(e => { e.open = true; })`, nil)
	p.Eval(`new Promise(done => setTimeout(done, 100))`, nil)
	equal(t, "elements that come from texts", p.Text(`document.querySelectorAll('img, b, i, u, svg[onload], [onerror]').length`), "0")
	equal(t, "scripts that are run", p.Text(`[...document.scripts].filter(s => s.type !== 'application/json').length`), "1")
	equal(t, "title", p.Text("document.title"), `</title><script>alert("name")</script>&amp;: optimal`)
	equal(t, "name in the table", cells(p, "variables", 1)[0], `x["</script><img src=x onerror=alert(1)>"]`)
	equal(t, "node of the network", p.Text(`document.querySelector('.network circle title').textContent`), `<svg onload="alert(2)">`)
	quiet(t, p, f)
}

// The page of 2000 variables is open within a second; with 100,000 each of sorting, filtering and scrolling is done in half a second.
func testLarge(t *testing.T, b *browser.Browser) {
	f := file(t, large(2000))
	warm := b.Open(1000, 900, false)
	warm.Load(f) // the browser itself has started by now
	p := b.Open(1000, 900, false)
	took := p.Load(f)
	t.Logf("2,000 variables: open after %v", took)
	if took.Seconds() > slack*1 {
		t.Errorf("2000 variables: open after %v", took)
	}
	quiet(t, p, f)

	f = file(t, large(100_000))
	p = b.Open(1000, 900, false)
	took = p.Load(f)
	t.Logf("100,000 variables: open after %v", took)
	equal(t, "rows in the page", p.Text(`document.querySelectorAll('[data-table="variables"] tbody tr').length < 100`), "true")
	for _, act := range []struct{ what, run, want string }{
		{"sort by value", `document.querySelector('[data-table="variables"] th:nth-child(3) button').click()`, `first(3) === '0'`},
		{"sort by name", `document.querySelector('[data-table="variables"] th:nth-child(1) button').click()`, `first(1) === 'y[0]' && nth(11, 1) === 'y[10]'`},
		{"filter", `(() => { const e = document.querySelector('[data-table="variables"] input[type=search]'); e.value = '9999'; e.dispatchEvent(new Event('input')); })()`, `first(1) === 'y[9999]'`},
		{"filter by value", `(() => { const e = document.querySelector('[data-table="variables"] input[type=search]'); e.value = '>124'; e.dispatchEvent(new Event('input')); })()`, `Number(first(3)) > 124`},
		{"no filter", `(() => { const e = document.querySelector('[data-table="variables"] input[type=search]'); e.value = ''; e.dispatchEvent(new Event('input')); })()`, `first(1) === 'y[0]'`},
		{"scroll to the end", `(() => { const e = document.querySelector('[data-table="variables"] .scroll'); e.scrollTop = e.scrollHeight; })()`, `[...document.querySelectorAll('[data-table="variables"] tbody tr:not(.gap)')].pop().cells[0].textContent === 'y[99999]'`},
	} {
		var ms float64
		p.Eval(fmt.Sprintf(`(async () => {
			const rows = () => document.querySelectorAll('[data-table="variables"] tbody tr:not(.gap)');
			const nth = (k, c) => rows()[k - 1]?.cells[c - 1].textContent, first = c => nth(1, c);
			const start = performance.now();
			%s;
			while (!(%s)) {
				if (performance.now() - start > 10000) return 1e9;
				await new Promise(done => setTimeout(done, 5));
			}
			return performance.now() - start;
		})()`, act.run, act.want), &ms)
		t.Logf("100,000 variables: %s: %.0f ms", act.what, ms)
		if ms > slack*500 {
			t.Errorf("%s of 100,000 variables takes %.0f ms", act.what, ms)
		}
	}
	quiet(t, p, f)
}

// slack is by how much the times may be longer than they should, on machines that are busy with other tests.
const slack = 4
