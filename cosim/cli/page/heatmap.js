// SPDX-License-Identifier: Apache-2.0
// The array as a map of differing elements, cycle by cycle: a slider moves through the cycles, pointing at a cell or stepping to it with the
// arrow keys tells both values. A cell is dark where the sides differ in the shown cycle, light where they did before.

/** The maps of `spread`; values that it lacks come from whatever else of the record holds them. */
function mapsFromSpread(record) {
  const maps = [];
  for (const field of record.spread?.fields || []) {
    if (!Array.isArray(field.map) || !field.map.length || field.shape?.length !== 2) continue;
    const map = {name: `${field.block}.${field.field}`, rows: field.shape[0], cols: field.shape[1], cells: {}};
    map.from = record.spread.from;
    map.to = Math.min(record.spread.to, record.spread.from + record.spread.map_cycles - 1);
    field.map.forEach(([cycle, r, c], i) => {
      const [rtl, model] = field.values?.[i] || [], text = hex => decodedHex(hex, field.width, field.format);
      (map.cells[cycle] ||= {})[`${r},${c}`] = isHex(rtl) && isHex(model) ? {rtl, model, rtlText: text(rtl), modelText: text(model)} : {};
    });
    maps.push(map);
  }
  return maps;
}

/** Values of an element in a cycle, from the listed differences or from the history; null where the record does not hold them. */
function knownValues(record, name, place, cycle) {
  const same = e => `${e.block}.${e.field}` === name && (e.index || []).join(",") === place;
  const listed = (record.mismatches || []).find(m => m.cycle === cycle && same(m));
  if (listed) return {rtl: listed.rtl, model: listed.model, rtlText: decodedText(listed.decoded?.rtl), modelText: decodedText(listed.decoded?.model)};
  const past = (record.history?.elements || []).find(same), at = cycle - record.history?.from;
  if (!past || !isHex(past.rtl?.[at]) || !isHex(past.model?.[at])) return null;
  const text = side => decodedHex(past[side][at], past.width, past.format);
  return {rtl: past.rtl[at], model: past.model[at], rtlText: text("rtl"), modelText: text("model")};
}

/** The listed differences as {name, rows, cols, cells: {cycle: {"r,c": {rtl, model, decoded}}}}, one per two-dimensional field. */
function mapsFromDifferences(record) {
  const fields = new Map();
  for (const m of record.mismatches || []) {
    if ((m.index || []).length !== 2) continue;
    const name = `${m.block}.${m.field}`;
    if (!fields.has(name)) fields.set(name, {name, rows: 0, cols: 0, cells: {}});
    const map = fields.get(name), [r, c] = m.index;
    map.rows = Math.max(map.rows, r + 1, m.block === "pe" ? record.config?.rows || 0 : 0);
    map.cols = Math.max(map.cols, c + 1, m.block === "pe" ? record.config?.cols || 0 : 0);
    (map.cells[m.cycle] ||= {})[`${r},${c}`] = {};
  }
  return [...fields.values()];
}

const largestMap = 256;  // rows or columns that are drawn; beyond that cells are too small to point at

class HeatMap {
  constructor(record, maps) {
    this.record = record;
    this.maps = maps;
    this.node = el("div.heat", {});
    this.said = el("p.said", {"aria-live": "polite", id: "heat-said"});
    this.choose(Math.max(0, maps.findIndex(m => `${record.first?.block}.${record.first?.field}` === m.name)));
  }

  choose(index) {
    this.map = this.maps[index];
    const cycles = Object.keys(this.map.cells).map(Number).sort((a, b) => a - b);
    this.from = this.map.from ?? cycles[0];
    this.to = this.map.to ?? cycles[cycles.length - 1];
    this.at = Object.keys(this.map.cells[cycles[0]])[0].split(",").map(Number);
    this.slider = el("input", {type: "range", id: "heat-cycle", min: this.from, max: this.to, value: this.from, step: 1});
    this.slider.addEventListener("input", () => this.draw());
    this.cycle = el("output", {for: "heat-cycle", id: "heat-shown"});
    const picker = el("select", {id: "heat-field"}, this.maps.map((m, i) => el("option", {value: i, selected: i === index}, m.name)));
    picker.addEventListener("change", () => this.choose(Number(picker.value)));
    const step = (label, by, name) => {
      const button = el("button", {type: "button", "aria-label": name, title: name}, label);
      button.addEventListener("click", () => { this.slider.value = Number(this.slider.value) + by; this.draw(); });
      return button;
    };
    this.node.replaceChildren(
      el("div.controls", {}, el("label", {for: "heat-field"}, "field "), picker, el("label", {for: "heat-cycle"}, "cycle "),
        step("◀", -1, "one cycle back"), this.slider, step("▶", 1, "one cycle on"), this.cycle),
      scrolling("heat map", this.grid()), this.said,
      el("p.legend", {}, el("span.key.now", {}), "differs in this cycle ", el("span.key.before", {}), "differed before ", el("span.key.first", {}), "first divergence"));
    this.draw();
  }

  grid() {
    const {rows, cols} = this.map;
    const size = Math.max(6, Math.min(34, Math.floor(1040 / Math.max(cols, 1))));
    this.cells = new Map();
    const body = [];
    for (let r = 0; r < rows; ++r) {
      const row = el("tr", {}, el("th", {scope: "row"}, this.axis(r, rows, size)));
      for (let c = 0; c < cols; ++c) {
        const cell = el("td", {tabindex: r === this.at[0] && c === this.at[1] ? 0 : -1, "data-r": r, "data-c": c});
        this.cells.set(`${r},${c}`, cell);
        row.append(cell);
      }
      body.push(row);
    }
    const head = el("tr", {}, el("td", {}), Array.from({length: cols}, (_, c) => el("th", {scope: "col"}, this.axis(c, cols, size))));
    const grid = el("table.map", {style: `--cell:${size}px`}, el("thead", {}, head), el("tbody", {}, body));
    grid.addEventListener("mouseover", e => this.point(e.target));
    grid.addEventListener("focusin", e => this.point(e.target));
    grid.addEventListener("keydown", e => this.key(e));
    return grid;
  }

  /** Numbers at the edge, as many as there is room for. */
  axis(i, count, size) {
    const every = size >= 18 ? 1 : size >= 10 ? 4 : 16;
    return i % every === 0 || i === count - 1 && i % every > every / 2 ? i : "";
  }

  key(event) {
    const by = {ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1]}[event.key];
    if (!by) return;
    event.preventDefault();
    const limit = (value, count) => Math.max(0, Math.min(count - 1, value));
    const next = this.cells.get(`${limit(this.at[0] + by[0], this.map.rows)},${limit(this.at[1] + by[1], this.map.cols)}`);
    if (next) next.focus();
  }

  point(cell) {
    if (!cell.dataset || cell.dataset.r === undefined) return;
    this.cells.get(this.at.join(","))?.setAttribute("tabindex", -1);
    this.at = [Number(cell.dataset.r), Number(cell.dataset.c)];
    cell.setAttribute("tabindex", 0);
    this.say();
  }

  say() {
    const place = this.at.join(","), cycle = Number(this.slider.value), name = `${this.map.name}[${this.at[0]}][${this.at[1]}]`;
    const now = this.map.cells[cycle]?.[place];
    this.said.replaceChildren(el("code", {}, name), ` in cycle ${grouped(cycle)}: `);
    const values = now?.rtl ? now : knownValues(this.record, this.map.name, place, cycle), text = (hex, meaning) => meaning ? [hex, ` = ${meaning}`] : hex;
    if (values && !now) {
      append(this.said, ["both sides ", text(markedHex(values.rtl, values.model), values.rtlText)]);
    } else if (values) {
      append(this.said, [el("span.rtl", {}, "RTL "), text(markedHex(values.rtl, values.model), values.rtlText), ", ",
        el("span.model", {}, "model "), text(markedHex(values.model, values.rtl), values.modelText)]);
    } else if (!now) {
      const first = Object.keys(this.map.cells).map(Number).filter(c => this.map.cells[c][place]).sort((a, b) => a - b)[0];
      append(this.said, first === undefined ? "no difference" : `no difference; differs in cycle ${grouped(first)}${first < cycle ? " before" : ""}`);
    } else {
      append(this.said, "differs; the record holds no value of it here");
    }
  }

  draw() {
    const cycle = Number(this.slider.value), now = this.map.cells[cycle] || {}, before = new Set();
    for (const [c, cells] of Object.entries(this.map.cells)) if (Number(c) < cycle) Object.keys(cells).forEach(k => before.add(k));
    const first = this.record.first, isFirst = `${first?.block}.${first?.field}` === this.map.name ? (first.index || []).join(",") : "";
    for (const [place, cell] of this.cells) {
      cell.className = [now[place] ? "now" : before.has(place) ? "before" : "", place === isFirst ? "first" : ""].filter(Boolean).join(" ");
      cell.setAttribute("aria-label", `row ${cell.dataset.r}, column ${cell.dataset.c}: ${now[place] ? "differs" : "equal"}`);
    }
    const count = Object.keys(now).length;
    this.cycle.value = `${grouped(cycle)} of ${grouped(this.from)}–${grouped(this.to)}, ${plural(count, "element")} differ${count === 1 ? "s" : ""}`;
    this.say();
  }
}

/** All fields that differ, upstream first, with their first elements: also those that are no array. */
function spreadTable(spread) {
  const rows = (spread.fields || []).map(field => {
    const shown = field.elements.slice(0, 8).map(e => `${(e.index || []).map(i => `[${i}]`).join("") || "itself"} @${e.first}`).join(", ");
    return [el("code", {}, `${field.block}.${field.field}`), (field.shape || []).join(" × ") || "1", [grouped(field.first), "number"],
      [grouped(field.count), "number"], field.count > 8 ? `${shown}, …` : shown];
  });
  const cut = spread.field_count > rows.length ? ` ${plural(spread.field_count - rows.length, "more field")} in the record's count only.` : "";
  return [scrolling("fields that differ", table("list", ["field", "shape", ["from cycle", "number"], ["elements", "number"], "first of them, with cycle"], rows)),
    el("p.note", {}, `${plural(spread.elements, "element")} of ${plural(spread.field_count, "field")} differ between cycles ${grouped(spread.from)} and ${grouped(spread.to)}.${cut}`)];
}

function spreadSection(record) {
  const found = isObject(record.spread) ? mapsFromSpread(record) : mapsFromDifferences(record);
  const maps = found.filter(m => m.rows > 0 && m.cols > 0 && m.rows <= largestMap && m.cols <= largestMap);
  const list = isObject(record.spread) && (record.spread.fields || []).length ? spreadTable(record.spread) : null;
  return maps.length || list ? [maps.length ? new HeatMap(record, maps).node : null, list] : null;
}
