// SPDX-License-Identifier: Apache-2.0
// Counts of a run: what was compared, what the units did, what came out.

function comparisonsSection(record) {
  if (record.host?.rtl === "none" || !isObject(record.comparisons)) return null;
  const keys = ["planned", "done", "skipped"];
  const number = value => [grouped(value ?? "–"), "number"];
  const total = keys.map(k => Object.values(record.comparisons).reduce((sum, c) => sum + (c[k] || 0), 0));
  const rows = Object.entries(record.comparisons).map(([name, count]) => [name, ...keys.map(k => number(count[k]))]);
  rows.push([["all", "total"], ...total.map(t => [grouped(t), "number.total"])]);
  const waivers = (record.waivers || []).length, exclusions = (record.exclusions || []).length;
  return [scrolling("comparisons", table("counts", ["class", ...keys.map(k => [k, "number"])], rows)),
    el("p.note", {}, `Exclusions: ${exclusions || "none"}; waivers: ${waivers || "none"}; memories compared in full ${plural(record.full_compares || 0, "time")}.`)];
}

/** Units and their causes are read off the counters' names: X_busy, X_stall_CAUSE. */
function unitsOf(counters) {
  return Object.keys(counters).filter(k => k.endsWith("_busy")).map(busy => {
    const unit = busy.slice(0, -5), prefix = `${unit}_stall_`;
    const stalls = Object.keys(counters).filter(k => k.startsWith(prefix)).map(k => ({cause: k.slice(prefix.length), cycles: counters[k]}));
    return {name: unit === "act" ? "activation" : unit, busy: counters[busy], stalls};
  });
}

function unitsSection(record) {
  const counters = record.counters || {}, cycles = counters.cycles;
  if (!isNumber(cycles) || cycles <= 0) return null;
  const rows = unitsOf(counters).map(unit => {
    const stalled = unit.stalls.reduce((sum, s) => sum + s.cycles, 0), idle = Math.max(0, cycles - unit.busy - stalled);
    const part = (name, value, style) => value > 0 ? el("span", {class: `part ${style}`, style: `flex-grow:${value}`, title: `${name} ${percent(value, cycles)}`}) : null;
    const bar = el("div.bar", {"aria-hidden": true}, part("busy", unit.busy, "busy"),
      unit.stalls.map((s, i) => part(`stalled: ${s.cause}`, s.cycles, `stall stall${i}`)), part("idle", idle, "idle"));
    const causes = unit.stalls.map((s, i) => el("span.cause", {}, el("span", {class: `key stall${i}`}), `${s.cause} ${percent(s.cycles, cycles)}`));
    return [unit.name, [bar, "bars"], [percent(unit.busy, cycles), "number"], [causes, "causes"], [percent(idle, cycles), "number"]];
  });
  const pes = (record.config?.rows || 0) * (record.config?.cols || 0);
  const used = isNumber(record.utilisation)
    ? `Utilisation ${percent(record.utilisation, 1)} of ${plural(pes, "PE")}: ${grouped(record.macs)} useful multiply-accumulates. ` : "";
  return [scrolling("units", table("units", ["unit", "", ["busy", "number"], "stalled by cause", ["idle", "number"]], rows)),
    el("p.note", {}, `${used}Parts of ${plural(cycles, "counted cycle")}.`)];
}

function outputsSection(record) {
  const jobs = record.outputs?.jobs || [];
  if (!jobs.length) return null;
  const rows = jobs.map(job => [job.name, (job.shape || []).join(" × "), job.format,
    [job.received === null ? "unknown" : grouped(job.received), "number"], job.hash ? el("code", {}, job.hash) : "–",
    [job.expect === "none" ? "–" : job.expect, job.expect === "differs" ? "bad" : ""]]);
  const part = p => `${isNumber(p.percent) ? p.percent.toFixed(2) : "–"} % (${grouped(p.right)} of ${grouped(p.images)} images)`;
  const accuracy = record.outputs.accuracy;
  const flags = Object.entries(record.flags || {}).filter(([, names]) => names.length).map(([engine, names]) => `${engine}: ${names.join(", ")}`);
  return [scrolling("outputs", table("jobs", ["job", "shape", "format", ["received", "number"], "hash of the values", "expected values"], rows)),
    facts([["accuracy", accuracy ? part(accuracy) : ""], ["held back", accuracy?.held_back ? part(accuracy.held_back) : ""],
      ["sticky flags", flags.join("; ")], ["missing at the end", record.leftovers]])];
}

/** The listed differences, each with both values. */
function differencesSection(record) {
  const all = record.mismatches || [];
  if (!all.length) return null;
  const shown = all.slice(0, 200);
  const rows = shown.map(m => [[grouped(m.cycle), "number"], el("code", {}, elementName(m)), m.kind,
    markedHex(m.rtl, m.model), decodedText(m.decoded?.rtl), markedHex(m.model, m.rtl), decodedText(m.decoded?.model)]);
  const [left, right] = sideNames(record, all[0]);
  const limit = record.options?.max_mismatches;
  const end = all.length >= limit ? `The run stopped after ${plural(all.length, "difference")} (--max-mismatches).` : `All ${plural(all.length, "difference")} of the run.`;
  const cut = shown.length < all.length ? ` The first ${shown.length} are shown, the record holds all.` : "";
  return [scrolling("differences", table("differences", [["cycle", "number"], "element", "kind", left, "", right, ""], rows)),
    el("p.note", {}, end + cut)];
}
