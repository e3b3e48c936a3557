// SPDX-License-Identifier: Apache-2.0
// The last cycles of the diverging element and of what feeds it, both sides.

function historySection(record) {
  return isObject(record.history) ? anything(record.history) : null;
}
