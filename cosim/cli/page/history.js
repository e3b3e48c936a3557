// SPDX-License-Identifier: Apache-2.0
// The last cycles of the diverging element and of what it takes its value from, a row per cycle. An element that is the same on both sides all
// the time has one column, one that differs has two.

class History {
  constructor(history, names) {
    this.history = history;
    this.names = names;
    this.decoded = false;
    this.toggle = el("button", {type: "button", id: "history-form", "aria-pressed": "false"}, "as numbers");
    this.toggle.addEventListener("click", () => {
      this.decoded = !this.decoded;
      this.toggle.setAttribute("aria-pressed", String(this.decoded));
      this.draw();
    });
    this.place = el("div", {});
    const left = history.left_out > 0 ? ` ${plural(history.left_out, "more source")} left out.` : "";
    this.node = el("div", {}, el("div.controls", {}, this.toggle), this.place,
      el("p.note", {}, `The first column is the diverging element, the others are what it takes its value from, and input pins. Columns that say “both” are equal on both sides.${left}`));
    this.draw();
  }

  value(element, side, at) {
    const hex = element[side][at], other = element[side === "rtl" ? "model" : "rtl"][at];
    const text = this.decoded ? decodedHex(hex, element.width, element.format) : "";
    if (text) return hex === other || typeof other !== "string" ? text : el("mark", {}, text);
    return markedHex(hex, other);
  }

  draw() {
    const {elements, pins, from, to, cycle} = this.history;
    const columns = [...elements.map(e => ({...e, differs: e.xor.some(x => x !== null), pin: false})), ...(pins || []).map(p => ({...p, differs: false, pin: true}))];
    const names = columns.map((c, i) => el("th", {scope: "colgroup", colspan: c.differs ? 2 : 1, class: i === 0 ? "self" : null}, el("code", {}, c.pin ? c.name : `${c.name}`)));
    const sides = columns.flatMap(c => c.differs ? [el("th.rtl", {scope: "col"}, this.names[0]), el("th.model", {scope: "col"}, this.names[1])]
      : [el("th", {scope: "col"}, c.pin ? "pin" : "both")]);
    const rows = [];
    for (let i = 0; i <= to - from; ++i) {
      const cells = columns.flatMap(c => c.pin ? [markedHex(c.values[i])] : c.differs ? [this.value(c, "rtl", i), this.value(c, "model", i)] : [this.value(c, "model", i)]);
      rows.push(el("tr", {class: from + i === cycle ? "diverges" : null}, el("th.number", {scope: "row"}, grouped(from + i)), cells.map(c => el("td.number", {}, c))));
    }
    this.place.replaceChildren(scrolling("last cycles",
      el("table.history", {}, el("thead", {}, el("tr", {}, el("th", {scope: "col", rowspan: 2}, "cycle"), names), el("tr", {}, sides)), el("tbody", {}, rows))));
  }
}

function historySection(record) {
  const history = record.history;
  if (!isObject(history)) return null;
  if (!(history.elements || []).length) return el("p", {}, sentence(history.reason || "the record holds no history"));
  return new History(history, sideNames(record, record.first || {})).node;
}
