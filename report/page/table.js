'use strict';

// number writes a value as the rest of the page does: six significant digits, two decimals at least where it has any.
function number(v) {
  if (v === null || v === undefined || Number.isNaN(v)) return '–';
  if (v === Infinity) return '∞';
  if (v === -Infinity) return '−∞';
  if (v === 0) return '0';
  const a = Math.abs(v);
  const trim = s => (s.includes('.') ? s.replace(/\.?0+$/, '') : s);
  let s;
  if (a >= 1e15 || a < 1e-4) {
    const [mantissa, exponent] = v.toExponential(3).split('e');
    s = trim(mantissa) + 'e' + exponent.replace('+', '');
  } else {
    s = trim(v.toFixed(Math.max(2, 5 - Math.floor(Math.log10(a)))));
  }
  return s.replace(/-/g, '−');
}

// make creates an element with attributes and children; texts are never read as HTML.
function make(name, attributes, ...children) {
  const svg = ['svg', 'g', 'path', 'line', 'rect', 'circle', 'text', 'title', 'clipPath', 'defs'].includes(name);
  const e = svg ? document.createElementNS('http://www.w3.org/2000/svg', name) : document.createElement(name);
  for (const key in attributes) e.setAttribute(key, attributes[key]);
  e.append(...children);
  return e;
}

// DataTable shows as many rows of a table as there is room for, whatever their number; the others are two gaps of their height.
class DataTable {
  constructor(root) {
    this.root = root;
    const spec = JSON.parse(document.getElementById('data-' + root.dataset.table).textContent);
    this.spec = spec;
    this.label = root.dataset.label;
    this.columns = spec.columns;
    for (const c of this.columns) {
      if ('same' in c) c.values = null;
      c.at = c.values === null ? () => c.same : i => c.values[i];
    }
    this.order = Uint32Array.from({ length: spec.rows }, (_, i) => i);
    this.shown = this.order;
    this.sorted = -1;
    this.rising = true;
    this.rowHeight = 0;
    this.build();
    this.filter();
  }

  build() {
    const id = this.root.dataset.table;
    const controls = make('div', { class: 'controls' });
    this.search = make('input', { type: 'search', placeholder: this.spec.value >= 0 ? 'words, or >0, <=3' : 'words', 'aria-describedby': id + '-count' });
    controls.append(make('label', {}, 'Filter ', this.search));
    this.search.addEventListener('input', () => this.later());
    this.choices = [];
    this.columns.forEach((c, k) => {
      if (c.kind !== 'choice' || c.names.length < 2) return;
      const select = make('select', {}, make('option', { value: '' }, 'all'));
      c.names.forEach((name, i) => select.append(make('option', { value: i }, name)));
      select.addEventListener('change', () => this.filter());
      this.choices.push([k, select]);
      controls.append(make('label', {}, c.name + ' ', select));
    });
    if (this.spec.value >= 0 && this.spec.rows > 1) {
      this.zeros = make('input', { type: 'checkbox' });
      this.zeros.addEventListener('change', () => this.filter());
      controls.append(make('label', {}, this.zeros, ' hide zeros'));
    }
    const save = make('button', { type: 'button' }, 'Save as CSV');
    save.addEventListener('click', () => this.save());
    this.count = make('span', { id: id + '-count', class: 'soft', role: 'status' });
    controls.append(save, this.count);

    const head = make('tr', { 'aria-rowindex': 1 });
    this.heads = this.columns.map((c, k) => {
      const button = make('button', { type: 'button' }, c.name);
      button.addEventListener('click', () => this.sort(k));
      const th = make('th', { scope: 'col', class: this.isNumber(c) ? 'number' : '', 'aria-sort': 'none' }, button);
      head.append(th);
      return th;
    });
    const widths = make('colgroup', {});
    let total = 0;
    for (const c of this.columns) {
      const width = this.isNumber(c) ? Math.max(9, c.name.length + 4) : Math.min(Math.max(c.name.length + 4, c.width + 3), 34);
      const col = make('col', {});
      col.style.width = width + 'ch';
      widths.append(col);
      total += width;
    }
    this.body = make('tbody', {});
    this.table = make('table', { 'aria-label': this.label }, widths, make('thead', {}, head), this.body);
    this.table.style.minWidth = total + 'ch';
    this.scroll = make('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': this.label }, this.table);
    this.scroll.addEventListener('scroll', () => this.soon(), { passive: true });
    window.addEventListener('resize', () => { this.rowHeight = 0; this.soon(); });
    this.root.replaceChildren(controls, this.scroll);
  }

  isNumber(c) { return c.kind === 'number'; }

  text(c, i) {
    const v = c.at(i);
    if (c.kind === 'number') return number(v);
    return c.kind === 'choice' ? c.names[v] : v;
  }

  // later filters when the typing rests.
  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.filter(), 80);
  }

  soon() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => { this.waiting = false; this.render(); });
  }

  // filter keeps the rows that contain all words, meet all conditions on the value, and are of the chosen kinds.
  filter() {
    const words = [], conditions = [];
    for (const w of this.search.value.toLowerCase().split(/\s+/)) {
      const m = this.spec.value >= 0 && /^(<=|>=|<|>|=)(-?[\d.]+(?:e[-+]?\d+)?)$/.exec(w);
      if (m) conditions.push([m[1], Number(m[2])]);
      else if (w) words.push(w);
    }
    const value = this.spec.value >= 0 ? this.columns[this.spec.value] : null;
    const holds = (op, v, b) => v !== null && (op === '<' ? v < b : op === '<=' ? v <= b : op === '>' ? v > b : op === '>=' ? v >= b : v === b);
    const texts = this.columns.filter(c => c.kind === 'text');
    if (words.length > 0) for (const c of texts) if (c.values && !c.lower) c.lower = c.values.map(s => s.toLowerCase());
    const picked = this.choices.filter(([, s]) => s.value !== '').map(([k, s]) => [this.columns[k], Number(s.value)]);
    const zeros = this.zeros && this.zeros.checked;
    const out = new Uint32Array(this.order.length);
    let n = 0;
    next: for (const i of this.order) {
      for (const [c, v] of picked) if (c.at(i) !== v) continue next;
      if (zeros && Math.abs(value.at(i)) <= 1e-9) continue;
      for (const [op, b] of conditions) if (!holds(op, value.at(i), b)) continue next;
      for (const w of words) if (!texts.some(c => (c.lower ? c.lower[i] : String(c.at(i)).toLowerCase()).includes(w))) continue next;
      out[n++] = i;
    }
    this.shown = out.subarray(0, n);
    this.count.textContent = n === this.spec.rows ? `${n} rows` : `${n} of ${this.spec.rows} rows`;
    this.table.setAttribute('aria-rowcount', n + 1);
    this.scroll.scrollTop = 0;
    this.render();
  }

  // sort goes through rising, falling, and the order of the model.
  sort(k) {
    if (this.sorted !== k) { this.sorted = k; this.rising = true; }
    else if (this.rising) this.rising = false;
    else this.sorted = -1;
    this.heads.forEach((th, j) => th.setAttribute('aria-sort', j !== this.sorted ? 'none' : this.rising ? 'ascending' : 'descending'));
    this.order = Uint32Array.from({ length: this.spec.rows }, (_, i) => i);
    if (this.sorted >= 0) {
      const c = this.columns[k], sign = this.rising ? 1 : -1;
      if (c.kind === 'text') {
        // Numbers in names are filled up with zeros, so that x[9] comes before x[10].
        if (!c.keys) c.keys = Array.from(this.order, i => String(c.at(i)).replace(/\d+/g, d => d.padStart(9, '0')));
        this.order.sort((a, b) => (c.keys[a] < c.keys[b] ? -sign : c.keys[a] > c.keys[b] ? sign : a - b));
      } else {
        // What does not exist comes last in both directions.
        const keys = Float64Array.from(this.order, i => { const v = c.at(i); return v === null ? NaN : v * sign; });
        this.order.sort((a, b) => {
          const x = keys[a], y = keys[b];
          if (x < y) return -1;
          if (x > y) return 1;
          if (x === y) return a - b;
          return Number.isNaN(x) - Number.isNaN(y) || a - b;
        });
      }
    }
    this.filter();
  }

  row(i, at) {
    const tr = make('tr', { 'aria-rowindex': at + 2 });
    for (const c of this.columns) {
      const td = make('td', {}, this.text(c, i));
      if (this.isNumber(c)) { td.className = 'number'; td.title = String(c.at(i) ?? ''); }
      else if (c.kind === 'text') td.title = c.at(i);
      tr.append(td);
    }
    return tr;
  }

  render() {
    const n = this.shown.length;
    if (!this.rowHeight && n > 0) {
      this.body.replaceChildren(this.row(this.shown[0], 0));
      this.rowHeight = this.body.firstChild.getBoundingClientRect().height;
      if (!this.rowHeight) { this.rowHeight = 0; } // not laid out, as in a closed part of the page
    }
    const h = this.rowHeight || 28;
    const room = Math.ceil((this.scroll.clientHeight || 480) / h);
    const from = Math.max(0, Math.min(n - 1, Math.floor(this.scroll.scrollTop / h)) - 8);
    const to = Math.min(n, from + Math.max(room, 20) + 16);
    const rows = [];
    const gap = (size) => {
      const td = make('td', { colspan: this.columns.length });
      td.style.height = size * h + 'px';
      rows.push(make('tr', { class: 'gap', 'aria-hidden': 'true' }, td));
    };
    if (from > 0) gap(from);
    for (let at = from; at < to; at++) rows.push(this.row(this.shown[at], at));
    if (to < n) gap(n - to);
    this.body.replaceChildren(...rows);
  }

  save() {
    const quote = s => (/[",\n]/.test(s) ? '"' + s.replace(/"/g, '""') + '"' : s);
    const lines = [this.columns.map(c => quote(c.name)).join(',')];
    for (const i of this.shown) lines.push(this.columns.map(c => quote(String((c.kind === 'choice' ? c.names[c.at(i)] : c.at(i)) ?? ''))).join(','));
    const url = URL.createObjectURL(new Blob([lines.join('\n') + '\n'], { type: 'text/csv' }));
    make('a', { href: url, download: this.root.dataset.table + '.csv' }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }
}
