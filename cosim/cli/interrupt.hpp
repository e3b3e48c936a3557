// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace assay::cli {

/// From here on the first SIGINT or SIGTERM only sets a mark, the second one ends the process as usual.
void catch_interrupts();
bool interrupted();

}  // namespace assay::cli
