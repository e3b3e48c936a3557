// SPDX-License-Identifier: Apache-2.0
// Spec section 4, illegal commands: the golden model's check, and where a hypothesis touches it, its conditions one by one.
#include "cosim/npu/diagnosis/rule_tile.hpp"
#include "model/common/command.hpp"

namespace assay::npu {

int RuleTile::command_status() {
  CommandWord word;
  for (int i = 0; i < 4; ++i) word[static_cast<size_t>(i)] = static_cast<uint32_t>(head_of(*now_, kCommand, 32 * i, 32));
  const Status status = check_command(word, hw_);
  if (change_->site < Site::CheckReserved || change_->site > Site::CheckColumn) return static_cast<int>(status);
  if (status == Status::UnknownOp) return 1;
  if (condition(Site::CheckReserved, status == Status::Reserved)) return 2;
  const int op = static_cast<int>(head_of(*now_, kCommand, 0, 4));
  if (const int size = size_status(op); size != 0) return size;
  return condition(Site::CheckValue, bad_value(op)) ? 5 : 0;
}

int RuleTile::size_status(int op) {
  const auto field = [&](int lo, int n) { return static_cast<int64_t>(head_of(*now_, kCommand, lo, n)); };
  const bool loads = op == static_cast<int>(Op::LoadWeights), multiplies = op == static_cast<int>(Op::Matmul);
  const bool entries = multiplies || op == static_cast<int>(Op::Activate);
  const int64_t m = field(24, 16), k = field(40, 8), n = field(48, 8);
  if (entries && (m == 0 || m > limit(Site::CheckM, hw_.acc_depth) || n == 0 || n > limit(Site::CheckN, hw_.cols))) return 3;
  if ((loads || multiplies) && (k == 0 || k > limit(Site::CheckK, hw_.rows))) return 3;
  if (!entries) return 0;
  if (field(20, 4) > limit(Site::CheckBank, hw_.acc_banks - 1)) return 4;
  const int64_t last = field(56, 16) + int64_t{limit(Site::CheckBeats, static_cast<int>(m) - 1)} * field(72, 16);
  return last > limit(Site::CheckAddress, hw_.acc_depth - 1) ? 4 : 0;
}

bool RuleTile::bad_value(int op) {
  CommandWord word;
  for (int i = 0; i < 4; ++i) word[static_cast<size_t>(i)] = static_cast<uint32_t>(head_of(*now_, kCommand, 32 * i, 32));
  const Command c = decode(word, datapath(hw_));
  if (op == static_cast<int>(Op::LoadParam) && change_->site == Site::CheckColumn) return c.column > limit(Site::CheckColumn, hw_.cols - 1);
  HwConfig roomy = hw_;  // sizes and addresses are judged above
  roomy.acc_depth = 1 << 20, roomy.rows = roomy.cols = 255, roomy.acc_banks = 16;
  if (c.op == Op::LoadParam && c.column >= hw_.cols) return true;
  return check_command(word, roomy) == Status::Value;
}

}  // namespace assay::npu
