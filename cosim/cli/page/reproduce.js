// SPDX-License-Identifier: Apache-2.0
// How to run it again, where the waves are, and with what it was run.

/** Copies without network or permission: the clipboard where the browser gives it, a selected text where not. */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = el("textarea", {class: "away", readonly: true});
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

function copyable(label, text, id) {
  if (!text) return null;
  const said = el("span.said", {role: "status"});
  const button = el("button.copy", {type: "button", id, "aria-label": `copy: ${label}`}, "Copy");
  button.addEventListener("click", async () => { said.textContent = await copyText(text) ? "copied" : "select the text to copy it"; });
  return el("div.copyable", {}, el("span.label", {}, label), el("code", {}, text), button, said);
}

function reproduceSection(record) {
  return [copyable("from the project's root", record.reproduce, "copy-reproduce"),
    record.verdict === "mismatch" && record.host?.paths?.out ? copyable("the same bits from its directory", `build/bin/assay replay ${record.host.paths.out}`, "copy-replay") : null,
    copyable("token", record.token, "copy-token"),
    facts([["faults", (record.faults || []).length ? record.faults.map(f => [el("code", {}, f), " "]) : ""]])];
}

function wavesSection(record) {
  const waves = record.waves;
  if (!isObject(waves)) return record.waves_reason ? el("p", {}, sentence(`none: ${record.waves_reason}`)) : null;
  const folder = record.host?.paths?.out, open = `gtkwave ${folder ? `${folder}/` : ""}${waves.save_file || waves.file}`;
  return [copyable("RTL and model side by side, at the divergence", open, "copy-waves"),
    facts([["cycles", isNumber(waves.from) ? `${grouped(waves.from)} to ${grouped(waves.to)}` : ""]])];
}

function runSection(record) {
  const host = record.host || {}, tools = host.tools || {};
  const formats = (record.config?.formats || []).join(", ");
  return facts([
    ["config", `${record.config?.name}: ${record.config?.rows} × ${record.config?.cols} PEs, ${formats}, PE latency ${record.config?.pe_latency}`],
    ["config hash", el("code", {}, record.config?.hash)], ["vector hash", record.vector_hash ? el("code", {}, record.vector_hash) : ""],
    ["signature", record.signature ? el("code", {}, record.signature.fine || record.signature.coarse) : ""],
    ["made smaller from", shrunkText(record.shrunk_from)], ["date", host.date], ["assay", host.assay], ["verilator", tools.verilator], ["compiler", tools.compiler],
    ["speed", isNumber(host.seconds) ? `${host.seconds.toFixed(2)} s, ${grouped(Math.round(host.cycles_per_second))} cycles/s` : ""],
    ["command", host.command ? el("code", {}, host.command.join(" ")) : ""], ["directory", host.paths?.out ? el("code", {}, host.paths.out) : ""]]);
}
