// SPDX-License-Identifier: Apache-2.0
// The page: one section per part of the record that is there.

const sections = [
  ["first", "First divergence", firstSection],
  ["operation", "Operation and arithmetic", operationSection],
  ["skew", "Late or wrong", skewSection],
  ["diagnosis", "Diagnosis", diagnosisSection],
  ["causes", "Causes", causesSection],
  ["spread", "Where it differs", spreadSection],
  ["history", "Last cycles of both sides", historySection],
  ["differences", "Differences", differencesSection],
  ["reproduce", "Reproduce", reproduceSection],
  ["waves", "Waves", wavesSection],
  ["outputs", "Outputs", outputsSection],
  ["comparisons", "Comparisons", comparisonsSection],
  ["units", "Units", unitsSection],
  ["run", "Run", runSection],
];

/** A part that cannot be drawn says so and leaves the others alone. */
function drawn(make, record) {
  try {
    return make(record);
  } catch (error) {
    console.error(error);
    return el("p.bad", {}, `This part of the record could not be drawn: ${error.message}`);
  }
}

function build(record) {
  const report = document.getElementById("report"), links = [];
  report.append(drawn(headline, record));
  const navigation = el("nav", {"aria-label": "parts of the report"});
  report.append(navigation);
  for (const [id, title, make] of sections) {
    const content = drawn(make, record);
    if (content === null || content === undefined) continue;
    links.push(el("a", {href: `#${id}`}, title));
    report.append(el("section", {id, "aria-labelledby": `${id}-title`}, el("h2", {id: `${id}-title`}, title), content));
  }
  append(navigation, links);
}

build(JSON.parse(document.getElementById("record").textContent));
document.getElementById("plain").open = false;
