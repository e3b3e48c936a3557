// SPDX-License-Identifier: Apache-2.0
// The head of the page: the verdict, what was run, and the finding in sentences.

/** Names of the two sides of a difference: what stands under `rtl` and under `model` depends on its kind. */
function sideNames(record, m) {
  const dut = record.host?.rtl === "none" ? "model" : "RTL";
  return [dut, m.kind === "expect" ? "expected" : m.kind === "functional" ? "functional model" : "model"];
}

function verdictName(record) {
  if (record.exit === 130) return "interrupted";
  return record.verdict || "unknown";
}

/** Digits for a sentence: of wide fields only how many there are. */
const shortHex = hex => hex.length <= 32 ? `0x${hex}` : `${grouped(hex.length * 4)} bits`;

function firstSentence(record) {
  const m = record.first;
  if (!isObject(m)) return null;
  if (m.kind === "assertion") return [el("strong", {}, elementName(m)), ` is broken in cycle ${grouped(m.cycle)}.`];
  const [left, right] = sideNames(record, m);
  const value = side => decodedText(m.decoded?.[side]) || (typeof m[side] === "string" ? shortHex(m[side]) : "nothing");
  return [el("strong", {}, elementName(m)), ` differs in cycle ${grouped(m.cycle)}: `, el("span.rtl", {}, `${left} ${value("rtl")}`), ", ",
    el("span.model", {}, `${right} ${value("model")}`), "."];
}

/** What a pass rests on. */
function passSentence(record) {
  const counts = Object.values(record.comparisons || {}), sum = key => counts.reduce((total, c) => total + (c[key] || 0), 0);
  if (record.host?.rtl === "none") return `${plural(record.outputs?.beats || 0, "output beat")} equal those of the functional model; no RTL, no registers.`;
  return `${grouped(sum("done"))} of ${plural(sum("planned"), "planned comparison")} done, no difference.`;
}

function headline(record) {
  const verdict = verdictName(record);
  const sides = record.host?.rtl === "none" ? "model alone, no RTL" : record.host?.rtl === "recorded" ? "RTL as recorded" : "";
  const stall = record.options?.stall ? `stall ${record.options.stall}` : "";
  const more = [`seed ${record.seed}`, stall, sides, `${grouped(record.cycles)} cycles${record.truncated ? " (stopped by --cycles)" : ""}`].filter(Boolean);
  const found = firstSentence(record);
  return el("header", {class: `verdict ${verdict}`},
    el("p.badge", {}, verdict.toUpperCase()),
    el("div", {},
      el("h1", {}, record.test, el("span.on", {}, " on "), record.config?.name),
      el("p.sub", {}, more.join(" · ")),
      found ? el("p.found", {}, found) : el("p.found", {}, verdict === "pass" ? passSentence(record) : sentence(record.reason || "no reason was recorded")),
      record.skew?.text ? el("p.found", {}, sentence(record.skew.text)) : null,
      diagnosisSentence(record)));
}

/** The text as a sentence: a full stop last, a capital first unless it begins with a name such as pe.psum. */
function sentence(text) {
  const trimmed = String(text).trim(), named = /^\S*[._]\S/.test(trimmed);
  return (named ? trimmed.charAt(0) : trimmed.charAt(0).toUpperCase()) + trimmed.slice(1) + (/[.!?]$/.test(trimmed) ? "" : ".");
}
