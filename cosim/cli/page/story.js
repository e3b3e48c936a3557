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

function operationSection(record) {
  return isObject(record.operation) ? anything(record.operation) : null;
}

function diagnosisSection(record) {
  return isObject(record.diagnosis) ? anything(record.diagnosis) : null;
}
