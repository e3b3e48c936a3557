// SPDX-License-Identifier: Apache-2.0
// Values of the two sides: hex digits, bits, and where they differ. Differences are marked by weight and underline too, not by colour alone.

const isHex = text => typeof text === "string" && /^[0-9a-f]+$/.test(text);

/** [name, bits] from the top: what the bits of a number format mean. */
const formatParts = {
  fp32: [["sign", 1], ["exponent", 8], ["fraction", 23]],
  bf16: [["sign", 1], ["exponent", 8], ["fraction", 7]],
  fp16: [["sign", 1], ["exponent", 5], ["fraction", 10]],
  e5m2: [["sign", 1], ["exponent", 5], ["fraction", 2]],
  e4m3: [["sign", 1], ["exponent", 4], ["fraction", 3]],
  e4m3fn: [["sign", 1], ["exponent", 4], ["fraction", 3]],
};

const bitsOf = hex => [...hex].map(d => parseInt(d, 16).toString(2).padStart(4, "0")).join("");

/** Hex digits, those that differ from the other side's marked. */
function markedHex(hex, other) {
  if (typeof hex !== "string") return el("span.absent", {}, "–");
  const comparable = typeof other === "string" && other.length === hex.length && other !== hex;
  const digits = comparable ? [...hex].map((d, i) => d === other[i] ? d : el("mark", {}, d)) : hex;
  return el(hex.length > 32 ? "code.hex.long" : "code.hex", {}, digits);
}

/** What a side's bits mean, or nothing when they are only bits. */
function decodedText(side) {
  if (!isObject(side) || side.value === undefined) return "";
  return side.class === "integer" || !side.class ? grouped(side.value) : `${side.value}, ${side.class}`;
}

/** What hex digits mean in a number format, as text; empty for formats that are only bits. */
function decodedHex(hex, width, format) {
  if (!isHex(hex) || hex.length > 8) return "";
  const bits = parseInt(hex, 16);
  if (format === "int8" || format === "int32") {
    const size = isNumber(width) && width > 0 && width <= 32 ? width : hex.length * 4;
    return grouped(bits >= 2 ** (size - 1) ? bits - 2 ** size : bits);
  }
  if (format === "uint8") return grouped(bits);
  const parts = formatParts[format];
  if (!parts) return "";
  const [e, f] = [parts[1][1], parts[2][1]], fraction = bits % 2 ** f, exponent = Math.floor(bits / 2 ** f) % 2 ** e, top = 2 ** e - 1;
  const sign = bits >= 2 ** (e + f) ? "-" : "";
  if (exponent === top && format === "e4m3fn" ? fraction === 7 : exponent === top) return fraction === 0 ? `${sign}inf` : "nan";
  const value = exponent === 0 ? fraction * 2 ** (2 - 2 ** (e - 1) - f) : (1 + fraction / 2 ** f) * 2 ** (exponent - 2 ** (e - 1) + 1);
  return `${sign}${Number(value.toPrecision(9))}`;
}

/** The part of the format that a bit of `width` belongs to. */
function partOf(bit, width, format) {
  const parts = formatParts[format];
  if (!parts || parts.reduce((sum, p) => sum + p[1], 0) !== width) return null;
  let top = width;
  for (const [name, bits] of parts) {
    top -= bits;
    if (bit >= top) return {name, last: bit === top};
  }
  return null;
}

/** RTL, model and XOR bit by bit, up to 128 of them: wider values are read as hex. */
function bitTable(rtl, model, width, format, labels) {
  if (!isHex(rtl) || !isHex(model) || rtl.length !== model.length || rtl.length > 32) return null;
  const count = isNumber(width) && width > 0 && width <= rtl.length * 4 ? width : rtl.length * 4;
  const a = bitsOf(rtl).slice(-count), b = bitsOf(model).slice(-count);
  const style = i => {
    const bit = count - 1 - i, part = partOf(bit, count, format);
    return [a[i] !== b[i] ? "differs" : "", bit % 4 === 0 && bit > 0 ? "nibble" : "", part ? part.name : "", part && part.last && bit > 0 ? "part" : ""]
      .filter(Boolean).join(" ");
  };
  const numbered = bit => bit % 8 === 0 || bit === count - 1;
  const cells = (text, tag) => [...text].map((digit, i) => {
    const node = el(tag, {class: style(i) || null}, digit);
    if (a[i] !== b[i]) node.title = `bit ${count - 1 - i} differs`;
    return node;
  });
  const head = Array.from({length: count}, (_, i) => {
    const bit = count - 1 - i;
    return el("th", {scope: "col", class: style(i) || null}, a[i] !== b[i] || numbered(bit) ? bit : "");
  });
  const row = (label, text) => el("tr", {}, el("th", {scope: "row"}, label), cells(text, "td"));
  const xor = [...a].map((d, i) => d === b[i] ? "·" : "1").join("");
  const legend = formatParts[format] && partOf(0, count, format)
    ? el("p.legend", {}, formatParts[format].map(([name]) => el(`span.${name}`, {}, name))) : null;
  return el("div", {}, scrolling("bits of both sides",
    el("table.bits", {}, el("thead", {}, el("tr", {}, el("td", {}), head)),
      el("tbody", {}, row(labels[0], a), row(labels[1], b), row("XOR", xor)))), legend);
}
