// Chart draws series over one axis, with a readout at the pointer or, by the arrow keys, at each place, and a zoom along the axis.
class Chart {
  constructor(root) {
    this.root = root;
    this.spec = JSON.parse(document.getElementById('data-' + root.dataset.chart).textContent);
    this.series = this.spec.series;
    this.hidden = new Set();
    this.places = [...new Set(this.series.flatMap(s => s.points.map(p => p[0])))].sort((a, b) => a - b);
    const first = this.places[0] ?? 0, last = this.places[this.places.length - 1] ?? 1;
    const room = last > first ? 0.02 * (last - first) : 0.5;
    this.full = [first - room, last + room];
    this.view = [...this.full];
    this.at = -1;
    this.build();
    this.draw();
  }

  build() {
    const button = (text, label, act) => {
      const b = make('button', { type: 'button', 'aria-label': label }, text);
      b.addEventListener('click', act);
      return b;
    };
    const controls = make('div', { class: 'controls' },
      button('+', 'Zoom in', () => this.zoom(0.5)), button('−', 'Zoom out', () => this.zoom(2)), button('All', 'Show all', () => this.reset()),
      make('span', { class: 'soft' }, 'drag to zoom; arrow keys to read'));
    this.legend = make('div', { class: 'legend', role: 'group', 'aria-label': 'Series' });
    this.series.forEach((s, k) => {
      const b = make('button', { type: 'button', 'aria-pressed': 'true', class: 'c' + (s.colour % 6) }, make('span', { class: 'key' }), s.name);
      b.addEventListener('click', () => {
        if (this.hidden.delete(k)) b.setAttribute('aria-pressed', 'true');
        else { this.hidden.add(k); b.setAttribute('aria-pressed', 'false'); }
        this.draw();
      });
      this.legend.append(b);
    });
    this.svg = make('svg', { tabindex: 0, role: 'application', 'aria-roledescription': 'chart', 'aria-label': this.root.dataset.label + '. Arrow keys read the values, plus and minus zoom, 0 shows all.' });
    if (this.root.dataset.words) this.svg.setAttribute('aria-describedby', this.root.dataset.words);
    this.output = make('output', { 'aria-live': 'polite' });
    this.svg.addEventListener('pointermove', e => this.move(e));
    this.svg.addEventListener('pointerleave', () => { if (this.from === undefined) this.read(-1); });
    this.svg.addEventListener('pointerdown', e => { if (e.button === 0) { this.from = this.place(e); this.svg.setPointerCapture(e.pointerId); } });
    this.svg.addEventListener('pointerup', e => this.release(e));
    this.svg.addEventListener('pointercancel', () => { this.from = undefined; this.draw(); });
    this.svg.addEventListener('dblclick', () => this.reset());
    this.svg.addEventListener('keydown', e => this.key(e));
    this.root.replaceChildren(controls, this.legend, this.svg, this.output);
    new ResizeObserver(() => this.draw()).observe(this.svg);
  }

  key(e) {
    const steps = { ArrowRight: 1, ArrowLeft: -1, PageDown: 10, PageUp: -10 };
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key in steps) this.read(this.at < 0 ? 0 : Math.min(this.places.length - 1, Math.max(0, this.at + steps[e.key])));
    else if (e.key === 'Home') this.read(0);
    else if (e.key === 'End') this.read(this.places.length - 1);
    else if (e.key === '+' || e.key === '=') this.zoom(0.5);
    else if (e.key === '-') this.zoom(2);
    else if (e.key === '0' || e.key === 'Escape') this.reset();
    else return;
    e.preventDefault();
  }

  place(e) {
    const box = this.svg.getBoundingClientRect();
    return this.view[0] + (e.clientX - box.left - this.left) / (this.width - this.left - this.right) * (this.view[1] - this.view[0]);
  }

  move(e) {
    const x = this.place(e);
    let best = 0;
    this.places.forEach((p, k) => { if (Math.abs(p - x) < Math.abs(this.places[best] - x)) best = k; });
    this.to = x;
    this.read(best, true);
  }

  release(e) {
    const from = this.from, to = this.place(e);
    this.from = undefined;
    if (from !== undefined && Math.abs(to - from) > 0.02 * (this.view[1] - this.view[0])) this.show(Math.min(from, to), Math.max(from, to));
    else this.draw();
  }

  zoom(factor) {
    const middle = this.at >= 0 ? this.places[this.at] : (this.view[0] + this.view[1]) / 2;
    const half = factor * (this.view[1] - this.view[0]) / 2;
    this.show(middle - half, middle + half);
  }

  show(from, to) {
    const least = 1e-9 * Math.max(1, Math.abs(from), Math.abs(to));
    if (to - from < least) return;
    this.view = [Math.max(from, this.full[0]), Math.min(to, this.full[1])];
    if (this.view[1] - this.view[0] < least) this.view = [...this.full];
    this.draw();
  }

  reset() { this.view = [...this.full]; this.draw(); }

  // value is what a series has at a place: a step keeps its last value.
  value(s, x) {
    let found = null;
    for (const p of s.points) {
      if (p[0] === x) found = p;
      else if (s.kind === 'step' && p[0] < x) found = p;
    }
    return found;
  }

  read(k, keepView) {
    this.at = k;
    if (k >= 0 && !keepView) {
      const x = this.places[k], width = this.view[1] - this.view[0];
      if (x < this.view[0]) this.view = [x - 0.02 * width, x + 0.98 * width];
      else if (x > this.view[1]) this.view = [x - 0.98 * width, x + 0.02 * width];
    }
    this.draw();
    if (k < 0) { this.output.textContent = ''; return; }
    const x = this.places[k];
    const parts = [`${this.spec.x} ${number(x)}`];
    this.series.forEach((s, i) => {
      const p = this.hidden.has(i) ? null : this.value(s, x);
      if (!p) return;
      if (s.kind === 'none') parts.push(s.name);
      else if (p[1] === null) parts.push(`${s.name}: –`);
      else if (s.kind === 'ties') parts.push(p[1] === p[2] ? `${s.name}: ${number(p[1])}` : `${s.name}: ${number(p[1])} to ${number(p[2])}`);
      else parts.push(`${s.name}: ${number(p[1])}`);
    });
    this.output.textContent = parts.join('; ');
  }

  // range is the extent of what is seen.
  range() {
    let low = Infinity, high = -Infinity;
    this.series.forEach((s, i) => {
      if (this.hidden.has(i) || s.kind === 'none') return;
      let before = null;
      for (const p of s.points) {
        const inside = p[0] >= this.view[0] && p[0] <= this.view[1];
        const seen = inside ? [p] : before && before[0] < this.view[0] && p[0] > this.view[1] ? [before, p] : [];
        for (const q of seen) for (const y of q.slice(1)) if (typeof y === 'number') { low = Math.min(low, y); high = Math.max(high, y); }
        before = p;
      }
      const entering = s.kind === 'step' ? this.value(s, this.view[0]) ?? s.points.filter(p => p[0] <= this.view[0]).pop() : null;
      if (entering && typeof entering[1] === 'number') { low = Math.min(low, entering[1]); high = Math.max(high, entering[1]); }
    });
    if (low > high) return [0, 1];
    const room = high > low ? 0.06 * (high - low) : Math.max(0.5, 0.05 * Math.abs(high));
    return [low - room, high + room];
  }

  static ticks(from, to, most) {
    const raw = (to - from) / Math.max(1, most), power = 10 ** Math.floor(Math.log10(raw));
    const step = [1, 2, 5, 10].map(f => f * power).find(s => s >= raw);
    const out = [];
    for (let k = Math.ceil(from / step); k * step <= to && out.length < 30; k++) out.push(Number((k * step).toPrecision(12)));
    return out;
  }

  draw() {
    const box = this.svg.getBoundingClientRect();
    this.width = box.width || 600;
    const height = box.height || 300;
    const [low, high] = this.range();
    const yTicks = Chart.ticks(low, high, height / 55);
    this.left = 18 + 7 * Math.max(3, ...yTicks.map(y => number(y).length));
    this.right = 12;
    const top = 22, bottom = height - 36;
    const X = x => this.left + (x - this.view[0]) / (this.view[1] - this.view[0]) * (this.width - this.left - this.right);
    const Y = y => bottom - (y - low) / (high - low) * (bottom - top);
    const id = 'clip-' + this.root.dataset.chart;
    const frame = make('g', {}), inside = make('g', { 'clip-path': `url(#${id})` });
    for (const y of yTicks) frame.append(make('line', { class: 'grid', x1: this.left, x2: this.width - this.right, y1: Y(y), y2: Y(y) }),
      make('text', { x: this.left - 6, y: Y(y) + 4, 'text-anchor': 'end' }, number(y)));
    for (const x of Chart.ticks(this.view[0], this.view[1], this.width / 90)) frame.append(make('line', { class: 'grid', x1: X(x), x2: X(x), y1: top, y2: bottom }),
      make('text', { x: X(x), y: bottom + 16, 'text-anchor': 'middle' }, number(x)));
    frame.append(make('text', { x: (this.left + this.width) / 2, y: height - 5, 'text-anchor': 'middle' }, this.spec.x), make('text', { x: 6, y: 14 }, this.spec.y));
    this.series.forEach((s, i) => { if (!this.hidden.has(i)) inside.append(this.shape(s, X, Y, bottom)); });
    if (typeof this.spec.here === 'number') inside.append(make('line', { class: 'here', x1: X(this.spec.here), x2: X(this.spec.here), y1: top, y2: bottom }));
    if (this.at >= 0) inside.append(make('line', { class: 'cursor', x1: X(this.places[this.at]), x2: X(this.places[this.at]), y1: top, y2: bottom }));
    if (this.from !== undefined && this.to !== undefined) inside.append(make('rect', { class: 'drag', x: Math.min(X(this.from), X(this.to)), y: top, width: Math.abs(X(this.to) - X(this.from)), height: bottom - top }));
    this.svg.replaceChildren(make('defs', {}, make('clipPath', { id }, make('rect', { x: this.left, y: top - 6, width: Math.max(0, this.width - this.left - this.right), height: bottom - top + 12 }))), frame, inside);
  }

  // shape is the drawing of one series. Neighbours are joined unless one has no value or the later one begins a piece of its own.
  shape(s, X, Y, bottom) {
    const g = make('g', { class: 'c' + (s.colour % 6) });
    if (s.kind === 'none') {
      for (const p of s.points) g.append(make('path', { class: 'none', d: `M${X(p[0]) - 4},${bottom - 8}l8,8m0,-8l-8,8` }));
      return g;
    }
    let way = '', pen = false;
    s.points.forEach((p, k) => {
      if (p[1] === null) { pen = false; return; }
      const x = X(p[0]), y = Y(p[1]);
      const tied = s.kind === 'ties' && p[2] !== p[1], jump = tied || s.jumps && s.jumps.includes(k);
      way += pen && !jump ? (s.kind === 'step' ? `H${x}V${y}` : `L${x},${y}`) : `M${x},${y}`;
      pen = !tied;
      if (tied) g.append(make('line', { class: 'tie', x1: x, x2: x, y1: y, y2: Y(p[2]) }));
      if (s.points.length <= 400) g.append(make('circle', { class: 'dot', cx: x, cy: y, r: 2.5 }));
      if (tied) g.append(make('circle', { class: 'dot', cx: x, cy: Y(p[2]), r: 2.5 }));
    });
    if (s.kind === 'step' && pen) way += `H${X(this.full[1])}`;
    g.prepend(make('path', { class: 'way', d: way }));
    return g;
  }
}

document.querySelectorAll('[data-table]').forEach(e => {
  const part = e.closest('details');
  if (!part || part.open) new DataTable(e);
  else part.addEventListener('toggle', () => new DataTable(e), { once: true });
});
document.querySelectorAll('[data-chart]').forEach(e => new Chart(e));
document.documentElement.dataset.ready = 'yes';
