// SPDX-License-Identifier: Apache-2.0
// Elements and text. Whatever comes out of the record gets into the page as text nodes only, so nothing in it can be markup.

/** el("td.number", {title: "…"}, child…): an element; children are nodes, texts, arrays of them, null is left out. */
function el(name, attributes, ...children) {
  const [tag, ...classes] = name.split(".");
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value !== null && value !== undefined && value !== false) node.setAttribute(key, value === true ? "" : String(value));
  }
  append(node, children);
  return node;
}

function append(node, child) {
  if (child === null || child === undefined || child === false) return;
  if (Array.isArray(child)) child.forEach(c => append(node, c));
  else node.append(child instanceof Node ? child : document.createTextNode(String(child)));
}

const isNumber = value => typeof value === "number" && Number.isFinite(value);
const isObject = value => value !== null && typeof value === "object" && !Array.isArray(value);

/** 1234567 → 1,234,567, also of digits in a text; anything else as it is. */
function grouped(value) {
  const text = String(value);
  return /^-?\d+$/.test(text) ? text.replace(/\B(?=(\d{3})+$)/g, ",") : text;
}

/** A part of a whole in percent with one digit, "–" where there is no whole. */
const percent = (part, whole) => isNumber(part) && isNumber(whole) && whole > 0 ? `${(100 * part / whole).toFixed(1)} %` : "–";

const plural = (count, word, several = `${word}s`) => `${grouped(count)} ${count === 1 ? word : several}`;

/** pe.psum[2][3] */
function elementName(m) {
  return `${m.block ?? "?"}.${m.field ?? "?"}${(m.index || []).map(i => `[${i}]`).join("")}`;
}

/** A table: heads are texts or [text, class]; a cell is a node, a text, or [content, class, attributes]. */
function table(name, heads, rows, caption) {
  const cell = (tag, item, extra) => {
    const [content, style, attributes] = Array.isArray(item) ? item : [item, ""];
    return el(style ? `${tag}.${style}` : tag, {...extra, ...attributes}, content);
  };
  return el(`table.${name}`, {}, caption ? el("caption", {}, caption) : null,
    heads.length ? el("thead", {}, el("tr", {}, heads.map(h => cell("th", h, {scope: "col"})))) : null,
    el("tbody", {}, rows.map(row => el("tr", {}, row.map((c, i) => i === 0 ? cell("th", c, {scope: "row"}) : cell("td", c))))));
}

/** Wide content scrolls by itself, by mouse and by keyboard, never the page. */
const scrolling = (label, ...children) => el("div.scroll", {tabindex: 0, role: "region", "aria-label": label}, children);

/** Facts as label and value, the empty ones left out. */
function facts(pairs) {
  const given = pairs.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return given.length ? el("dl.facts", {}, given.map(([label, value]) => [el("dt", {}, label), el("dd", {}, value)])) : null;
}
