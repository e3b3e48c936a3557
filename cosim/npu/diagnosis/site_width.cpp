// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/diagnosis/hypothesis.hpp"
#include "model/common/bits.hpp"

namespace assay::npu {

bool is_bank(Site site) {
  switch (site) {
    case Site::MatmulBankIndex:
    case Site::RetireBank:
    case Site::NeedActBank:
    case Site::NeedMatmulBank:
    case Site::CountMatmulBank:
    case Site::CountActBank:
    case Site::ActBankIndex:
    case Site::ActRetBank:
      return true;
    default:
      return false;
  }
}

int site_width(Site site, const HwConfig& hw) {
  switch (site) {
    case Site::PsumAct:
    case Site::ActIn:
    case Site::PsumWeight:
    case Site::WeightShadow:
    case Site::SkewData:
    case Site::ShadowData:
      return hw.floating() ? 16 : 8;
    case Site::PsumActHigh:
    case Site::PsumWeightHigh:
    case Site::ActHighIn:
    case Site::WeightShadowHigh:
    case Site::ActValidIn:
    case Site::PsumActValid:
    case Site::PsumValidIn:
      return 1;
    case Site::PsumActLow:
    case Site::PsumWeightLow:
      return 3;
    case Site::ScaleIn:
      return 64;
    case Site::MultiplyShift:
    case Site::ScaleShift:
      return 6;
    case Site::AccEntry1:
    case Site::AccEntry2:
    case Site::AccIndex1:
    case Site::AccIndex2:
    case Site::ReadIndex:
    case Site::MatmulEntry:
    case Site::ActEntry:
      return clog2(hw.entries());
    case Site::AccColumns1:
    case Site::AccColumns2:
    case Site::OutputColumns:
    case Site::ControlColumns:
    case Site::MatmulColumns:
      return clog2(hw.cols + 1);
    case Site::SwitchDown:
    case Site::SwitchRight:
    case Site::WeightSwitch:
    case Site::AccValid1:
    case Site::AccValid2:
    case Site::RetireValid:
    case Site::RetireLast:
      return 1;
    case Site::NeedSwitch:
    case Site::NeedLoad:
    case Site::NeedAct:
    case Site::NeedMatmul:
    case Site::LoadNeed:
    case Site::MatmulNeedLoad:
    case Site::MatmulNeedAct:
    case Site::ActNeed:
      return 10;
    case Site::ClampZero:
    case Site::ClampLow:
    case Site::ClampHigh:
      return 9;
    case Site::ResponseFlags:
      return hw.flag_bits();
    case Site::ResponseCounter:
      return 48;
    case Site::LoadFormat:
    case Site::MatmulFormat:
    case Site::ConvertMode:
      return 4;
    default:
      break;
  }
  if (site == Site::ActDrainStages) return hw.floating() ? 3 : 5;
  const Role role = site_info(site).role;
  return role == Role::Mode ? 1 : role == Role::Address ? (is_bank(site) ? 4 : 16) : 32;
}

}  // namespace assay::npu
