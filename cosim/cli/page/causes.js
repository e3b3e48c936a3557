// SPDX-License-Identifier: Apache-2.0
// With --resync: where the RTL leaves the rules by itself, apart from what follows from that.

function causesSection(record) {
  const resync = record.resync;
  if (!isObject(resync)) return null;
  const rows = (resync.causes || []).map(c => [[grouped(c.cycle), "number"], el("code", {}, elementName(c)), [grouped(c.cycles), "number"],
    markedHex(c.rtl, c.model), decodedText(c.decoded?.rtl), markedHex(c.model, c.rtl), decodedText(c.decoded?.model)]);
  const end = resync.stopped ? " The list was full before the run was over (--max-mismatches)." : "";
  return [rows.length ? scrolling("causes", table("differences", [["from cycle", "number"], "element", ["cycles", "number"], "RTL", "", "by the rules", ""], rows)) : null,
    el("p.note", {}, `${plural(rows.length, "element")} of the RTL left the rules by ${rows.length === 1 ? "itself" : "themselves"} in cycles ${grouped(resync.from)} to ${grouped(resync.to)}; ` +
      `every other difference follows from that.${end}`)];
}

/** What assay shrink made the vector from, in a line. */
function shrunkText(shrunk) {
  if (!isObject(shrunk)) return "";
  const sizes = Object.keys(shrunk.before || {}).filter(key => isNumber(shrunk.before[key]) && isNumber(shrunk.after?.[key]))
    .map(key => `${words(key)} ${grouped(shrunk.before[key])} to ${grouped(shrunk.after[key])}`);
  return `${shrunk.test}, seed ${shrunk.seed}: ${sizes.join(", ")}${shrunk.complete === false ? "; stopped before nothing more could go" : ""}`;
}
