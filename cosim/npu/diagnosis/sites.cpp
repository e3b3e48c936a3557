// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/diagnosis/sites.hpp"

#include "model/common/assert.hpp"

namespace assay::npu {

const SiteInfo& site_info(Site site) {
  static constexpr SiteInfo kInfo[] = {
#define ASSAY_SITE_INFO(name, role, rule, what) {#name, Role::role, rule, what},
      ASSAY_DIAGNOSIS_CONTROL_SITES(ASSAY_SITE_INFO) ASSAY_DIAGNOSIS_ARRAY_SITES(ASSAY_SITE_INFO) ASSAY_DIAGNOSIS_ACTIVATION_SITES(ASSAY_SITE_INFO)
#undef ASSAY_SITE_INFO
  };
  ASSAY_ASSERT(site > Site::Register && site < Site::Count);
  return kInfo[static_cast<size_t>(site) - static_cast<size_t>(Site::Register) - 1];
}

}  // namespace assay::npu
