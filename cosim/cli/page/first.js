// SPDX-License-Identifier: Apache-2.0
// The first divergence: both values decoded, and bit by bit.

function firstSection(record) {
  const m = record.first;
  if (!isObject(m)) return null;
  const names = sideNames(record, m);
  const side = (key, other, label) => typeof m[key] === "string"
    ? [[label, key], markedHex(m[key], m[other]), [decodedText(m.decoded?.[key]), "value"]] : null;
  const rows = [side("rtl", "model", names[0]), side("model", "rtl", names[1]),
    typeof m.xor === "string" ? ["XOR", markedHex(m.xor), ""] : null].filter(Boolean);
  const ulp = m.decoded?.ulp, apart = isObject(m.decoded) && m.decoded.rtl?.class !== "integer"
    ? (isNumber(ulp) ? `${grouped(ulp)} ulp` : `none: ${m.decoded.ulp_reason || "not comparable"}`) : "";
  return [
    facts([["element", el("code", {}, elementName(m))], ["cycle", grouped(m.cycle)], ["block", m.block], ["kind", m.kind],
      ["format", m.format || (m.width ? `${plural(m.width, "bit")}` : "")], ["distance", apart],
      ["in the RTL", record.host?.source ? [el("code", {}, `${record.host.source.file}:${record.host.source.line}`), " ", el("code.absent", {}, record.host.source.signal)] : ""]]),
    rows.length ? table("sides", [], rows) : null,
    bitTable(m.rtl, m.model, m.width, m.format, names)];
}
