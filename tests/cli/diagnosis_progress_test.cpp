// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/diagnosis_progress.hpp"

#include "tests/catch.hpp"

using namespace assay;
using Pass = npu::DiagnosisProgress::Pass;

TEST_CASE("diagnosis progress: pass, hypotheses, seconds, and what has fared best so far", "[cli]") {
  npu::Hypothesis best;
  best.kind = "forward.none";
  CHECK(cli::diagnosis_progress_text({Pass::First, 1280, 8123, nullptr, 0, 0}, 2.2, 30) ==
        "diagnosis, pass 1 of 3: 1,280 of 8,123 hypotheses, 2 s of at most 30 s");
  CHECK(cli::diagnosis_progress_text({Pass::Steps, 0, 400, nullptr, 340, 340}, 3, 90) ==
        "diagnosis, pass 2 of 3: 0 of 400 hypotheses, 3 s of at most 1 min 30 s; none explains anything so far");
  CHECK(cli::diagnosis_progress_text({Pass::Runs, 7, 60, &best, 12, 340}, 9, 30) ==
        "diagnosis, pass 3 of 3: 7 of 60 hypotheses, 9 s of at most 30 s; best so far forward.none, leaves 12 of 340 causes");
}
