// SPDX-License-Identifier: Apache-2.0
// What explains the first divergence: late or wrong, the operation that made the value, the hypotheses that were tried.

function diagnosisSentence(record) {
  const text = record.diagnosis?.text;
  return text ? el("p.found", {}, sentence(text)) : null;
}

const words = key => key.replace(/_/g, " ");

/** Any part of a record in a readable form: objects as facts, lists of objects as tables, lists of texts as lines. */
function anything(value) {
  if (value === null || value === undefined) return el("span.absent", {}, "–");
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (isNumber(value)) return grouped(value);
  if (!Array.isArray(value)) return isObject(value) ? facts(Object.entries(value).map(([k, v]) => [words(k), anything(v)])) : String(value);
  if (!value.length) return "none";
  if (value.every(isObject)) {
    const keys = [...new Set(value.flatMap(Object.keys))];
    return scrolling("list", table("list", keys.map(words), value.map(item => keys.map(k => anything(item[k])))));
  }
  if (value.every(item => typeof item === "string")) return el("pre.steps", {}, value.join("\n"));
  return value.map(item => typeof item === "object" ? JSON.stringify(item) : String(item)).join(", ");
}

function skewSection(record) {
  const skew = record.skew;
  if (!isObject(skew)) return null;
  const e = skew.evidence, also = (skew.also || []).map(other => other.text);
  const rests = isObject(e) ? `${plural(e.compared, "cycle")} from ${grouped(e.from)} on looked at, ${grouped(e.matching)} of them explained by the shift; ` +
    `${plural(e.distinct, "different value")}, ${plural(e.changes, "change")}` : "";
  return [el("p", {}, sentence(skew.text || skew.verdict)),
    facts([["rests on", rests], ["explains as much", also.length ? also.map(t => el("div", {}, t)) : ""]])];
}

/** "3 to 5 of k" from first index and number; nothing for a dimension that has no part. */
const range = (name, part) => Array.isArray(part) && part.length === 2 ? `${name} ${part[0]}${part[1] > 1 ? `–${part[0] + part[1] - 1}` : ""}` : null;

function operationSection(record) {
  const o = record.operation;
  if (!isObject(o)) return null;
  const c = o.command, t = o.tile, at = o.at || {};
  const fields = isObject(c?.fields) ? Object.entries(c.fields).map(([key, value]) => `${key} ${value}`).join(", ") : "";
  const place = ["m", "k", "n"].filter(key => isNumber(at[key])).map(key => `${key} = ${at[key]}`).join(", ");
  const operands = (o.operands || []).map(p => [p.role, el("code", {}, p.name), [grouped(p.cycle), "number"], el("code.hex", {}, p.hex), [p.value === null ? "" : grouped(p.value), "number"]]);
  return [o.text ? el("p", {}, sentence(o.text)) : null, o.reason ? el("p.note", {}, sentence(o.reason)) : null,
    facts([["unit", o.unit], ["command", c ? `${c.op}, tag ${c.tag}, command ${c.index} of phase ${c.phase}` : ""], ["its fields", fields],
      ["tile", t ? `${t.job}: ${[range("m", t.m), range("k", t.k), range("n", t.n)].filter(Boolean).join(", ")}` : ""],
      ["beat", isNumber(o.beat) ? `${grouped(o.beat)}${isNumber(o.issued) ? `, issued in cycle ${grouped(o.issued)}` : ""}` : ""], ["place in the matrices", place]]),
    operands.length ? scrolling("operands", table("list", ["operand", "element", ["cycle", "number"], "bits", ["value", "number"]], operands)) : null,
    (o.steps || []).length ? el("pre.steps", {}, o.steps.join("\n")) : null];
}

/** "37 of 37", with a bar of how much that is. */
function share(part, whole, style) {
  const full = whole > 0 && isNumber(part) ? Math.min(1, part / whole) : 0;
  return el("div.share", {}, `${grouped(part ?? "–")} of ${grouped(whole ?? "–")}`,
    el("div.bar", {"aria-hidden": true}, el("span", {class: `part ${style}`, style: `flex-grow:${full}`}), el("span", {class: "part idle", style: `flex-grow:${1 - full}`})));
}

function diagnosisSection(record) {
  const d = record.diagnosis;
  if (!isObject(d)) return null;
  const rows = (d.candidates || []).map((c, i) => [`${i + 1}`, [el("strong", {}, String(c.kind)), c.kind === d.kind ? "good" : ""], c.text,
    share(c.explained, d.differences, "busy"), share(c.contradicted, d.equal_values, "wrong"),
    [`${grouped(c.steps_unexplained ?? "–")} / ${grouped(c.steps_contradicted ?? "–")}`, "number"], [grouped(c.alike ?? "–"), "number"]]);
  const untried = (d.not_tried || []).length ? ` Not tried for want of time: ${d.not_tried.map(words).join(", ")}.` : "";
  return [d.text ? el("p", {}, sentence(d.text)) : null,
    rows.length ? scrolling("hypotheses", table("list.hypotheses", ["", "hypothesis", "single change of the model", "differences explained", "equal values contradicted",
      ["causes left / wrong steps", "number"], ["alike", "number"]], rows)) : null,
    el("p.note", {}, `${plural(d.tried ?? 0, "hypothesis", "hypotheses")} tried on cycles ${grouped(d.from)} to ${grouped(d.to)}; ` +
      `${plural(d.causes ?? 0, "element")} of the RTL follow no rule from its own registers${isNumber(d.first_cause) ? `, the first in cycle ${grouped(d.first_cause)}` : ""}.${untried}`)];
}
