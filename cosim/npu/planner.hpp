// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cosim/npu/program.hpp"
#include "model/functional/float_gemm.hpp"
#include "model/functional/gemm.hpp"
#include "model/functional/tile.hpp"

namespace assay::npu {

/// One matrix product with what happens to its results, in the vector's own terms.
struct GemmSpec {
  std::string name;
  functional::Matrix a, b;
  bool a_unsigned = false, b_unsigned = false;
  int a_zero_point = 0;                          ///< folded into the bias; must be 0 when raw
  functional::OutputMode mode;                   ///< `table` is set from `table` below
  std::vector<functional::ColumnParams> params;  ///< one per result column, empty when raw
  std::optional<std::array<uint8_t, 256>> table;
  int m_tile = 0;               ///< rows per output tile, 0: acc_depth
  std::vector<int32_t> expect;  ///< empty, or [M][N]
};

/// The same for a floating-point tile.
struct FloatSpec {
  std::string name;
  functional::FloatGemm product;  ///< with stochastic rounding every lane is seeded anew for it
  int m_tile = 0;
  std::vector<int32_t> expect;  ///< empty, or [M][N] output lanes
};

struct Recipe;

/// Turns jobs and single commands into phases of stream data, running the functional tile beside it: what is expected is known
/// the moment a command is emitted.
///
/// Order of a job: N tiles outermost (parameters change least), then chunks of M, then K tiles accumulating in one bank; banks
/// alternate between output tiles. LOAD_WEIGHTS of a step comes right before its MATMUL: dispatch runs ahead through the queues, so the
/// load goes into the shadow weights while the previous step computes; it must not be earlier, or it would replace weights not yet
/// switched. The ACTIVATE of a finished tile follows up to kLag steps later, so that its parameter commands, which block dispatch
/// once act_queue is full, find the matmul unit with work in its queue.
class Planner {
 public:
  Planner(const HwConfig& config, std::string name);

  /// Adds the job and returns its index. Throws std::logic_error when the spec contradicts itself: callers check their input.
  int gemm(const GemmSpec& spec);
  int gemm(const FloatSpec& spec);
  /// Adds one command word with the stream data it takes.
  void command(const CommandWord& word, std::span<const uint8_t> weights = {}, std::span<const uint8_t> activations = {});
  /// Ends the phase by a reset `after` cycles after its start.
  void reset(int64_t after, int cycles);
  /// Ends the phase by running it to completion and `cycles` more; the state stays.
  void idle(int64_t cycles);

  const std::vector<Job>& jobs() const { return program_.jobs; }
  const HwConfig& config() const { return config_; }
  /// The program; the planner is used up.
  Program finish(const StallProfiles& stall = {});

 private:
  static constexpr int kLag = 2;  ///< steps; measured on the networks: 1 costs some cycles where m is small, 3 gains nothing

  /// What is to be loaded before a tile's results may leave; for the columns of the whole product, or of one tile.
  struct Parameters {
    std::vector<functional::ColumnParams> columns;          ///< integer tile, empty when raw
    std::shared_ptr<const std::array<uint8_t, 256>> table;  ///< null without
    std::vector<uint32_t> bias;                             ///< floating-point tile, empty when raw
    std::optional<uint32_t> seed;
  };
  /// A product of either datapath: its commands with all that is the same for every tile.
  struct Product {
    const functional::Matrix &a, &b;
    Command load, matmul, activate;
    Parameters parameters;
    int m_tile = 0;
  };
  /// An output tile whose sums are (or will be) complete but whose ACTIVATE is not emitted yet.
  struct Pending {
    Command activate;
    int64_t due = 0;  ///< step number
    Parameters parameters;
    int job = 0, row = 0, col = 0;
  };

  void emit(const CommandWord& word, std::span<const uint8_t> weights, std::span<const uint8_t> activations, const CommandOrigin& origin = {});
  void take_results(int job, int row, int col, int cols);
  int add_product(const Product& product);
  void output_tile(const Product& product, int row, int col, int m, int n, bool weights_stay);
  void emit_load(const Product& product, int k0, int k, int col, int n);
  void emit_matmul(const Product& product, Command command, int row, int k0, int col);
  void emit_pending();
  void emit_params(const std::vector<functional::ColumnParams>& want);
  void emit_table(const std::array<uint8_t, 256>& table);
  void emit_bias(const std::vector<uint32_t>& want);
  int code_bits(const Command& command) const;
  void emit(Command command, const CommandOrigin& origin = {});  ///< without stream data, with the next tag
  void flush() {
    while (!pending_.empty()) emit_pending();
  }
  void release_bank(int bank);
  void end_phase();
  int32_t newest_job() const { return static_cast<int32_t>(program_.jobs.size()) - 1; }
  Phase& phase() { return program_.phases.back(); }

  HwConfig config_;
  std::shared_ptr<Recipe> recipe_;
  Program program_;
  functional::FunctionalTile tile_;
  std::deque<Pending> pending_;
  int64_t step_ = 0;
  int bank_ = 0;
  uint8_t tag_ = 0;
};

}  // namespace assay::npu
