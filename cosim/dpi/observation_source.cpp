// SPDX-License-Identifier: Apache-2.0
#include "cosim/dpi/observation_source.hpp"

#include <algorithm>

#include "cosim/common/process.hpp"
#include "cosim/dpi/observation.hpp"
#include "cosim/engine/compare_plan.hpp"
#include "cosim/npu/rtl_map.hpp"
#include "model/tile/tile.hpp"

namespace assay::dpi {
namespace {

std::string num(size_t n) { return std::to_string(n); }

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) text.replace(at, from.size(), to);
  return text;
}

// Where the memories' addresses are, below the tile's datapath: what is no field, but decides which word is written or read.
constexpr const char* kTagEntries = ".u_array.u_tags.tag_entry_q";
constexpr const char* kTableLine = ".u_activation.u_params.line_i";
constexpr const char* kTableIndex = ".u_activation.u_params.index_i";
constexpr const char* kReadEntry = "read_entry_i";  // a port of the checker

/// One branch of the include: everything of one config.
class Branch {
 public:
  Branch(const HwConfig& config, const npu::RtlMap& map)
      : config_(config), map_(map), model_(config), fields_(model_.fields()), o_(observation_of(config, fields_)) {}

  const Observation& observation() const { return o_; }
  std::string text();

 private:
  std::string path(size_t f, size_t part) const {
    const Field& field = fields_[f];
    std::string path = map_.path(field.block + "." + field.name, config_.floating());
    if (path.empty()) throw InputError("cosim/npu/rtl_map.yaml:1: " + field.block + "." + field.name + ": missing, expected the RTL path of every field");
    const size_t slice = path.find("@{r}");
    if (slice != std::string::npos) {
      const size_t bits = part_elements(field) * static_cast<size_t>(field.width);
      return path.substr(0, slice) + "[" + num(part * bits) + " +: " + num(bits) + "]";
    }
    for (const char* hole : {"{r}", "{c}", "{i}"}) path = replaced(path, hole, num(part));
    if (field.cls == FieldClass::Pin) path.back() = 'i';  // an output of the tile is an input of the checker
    return path;
  }

  std::string assign(size_t member, const std::string& value) const {
    const ObservedMember& m = o_.members[member];
    return "    o." + m.name + " = " + num(m.bytes * 8) + "'(" + value + ");\n";
  }

  std::string type_text();
  std::string collect_text() const;
  std::string word_text(const ObservedWord& word) const;
  std::string remember_text() const;
  std::string memories_text() const;
  std::string condition() const;
  std::string datapath() const { return map_.path("datapath", config_.floating()); }
  size_t address_width() const { return static_cast<size_t>(clog2(config_.entries())); }
  bool has_table() const { return !config_.floating(); }
  size_t first_stage() const { return static_cast<size_t>(config_.rows * config_.pe_latency + 1); }

  const HwConfig& config_;
  const npu::RtlMap& map_;
  Tile model_;
  const std::vector<Field>& fields_;
  Observation o_;
  std::vector<size_t> gaps_;  ///< bytes between members that belong to none
};

/// The last member of a packed struct is the least significant one.
std::string Branch::type_text() {
  std::vector<const ObservedMember*> order;
  for (const ObservedMember& m : o_.members) order.push_back(&m);
  std::sort(order.begin(), order.end(), [](const auto* a, const auto* b) { return a->offset > b->offset; });
  std::string text = "  typedef struct packed {\n";
  size_t end = o_.bytes;
  for (const ObservedMember* m : order) {
    const size_t gap = end - (m->offset + m->bytes);
    if (gap != 0) gaps_.push_back(m->offset + m->bytes);
    if (gap != 0) text += "    logic [" + num(gap * 8 - 1) + ":0] unused_" + num(m->offset + m->bytes) + ";\n";
    text += "    logic [" + num(m->bytes * 8 - 1) + ":0] " + m->name + ";\n";
    end = m->offset;
  }
  return text + "  } observation_t;\n";
}

/// A memory's address and the word there.
std::string Branch::word_text(const ObservedWord& word) const {
  using Port = ObservedWord::Port;
  const std::string memory = path(word.field, word.part);
  const std::string base = memory.substr(0, memory.rfind('.') + 1);
  const size_t depth = part_elements(fields_[word.field]), width = address_width();
  const auto slice = [&](const std::string& vector, size_t lane) { return vector + "[" + num(lane * width) + " +: " + num(width) + "]"; };
  std::string entry;
  switch (word.port) {
    case Port::FifoNewest:
      entry = "(" + base + "wptr_q == 0) ? 16'd" + num(depth - 1) + " : 16'(" + base + "wptr_q) - 16'd1";
      break;
    case Port::FifoHead:
      entry = base + "rptr_q";
      break;
    case Port::SumWritten:
      entry = slice("sum_entry", word.part);
      break;
    case Port::SumAccumulated:
      entry = slice(datapath() + kTagEntries, first_stage() + word.part);
      break;
    case Port::SumRead:
      entry = kReadEntry;
      break;
    case Port::TableWritten:
      entry = "table_line";
      break;
    case Port::TableRead:
      entry = datapath() + kTableIndex + "[" + num(word.lane * 8 + 3) + " +: 5]";
      break;
  }
  const std::string index = "o." + o_.members[word.entry].name + "[" + num(static_cast<size_t>(clog2(static_cast<int>(depth))) - 1) + ":0]";
  return assign(word.entry, entry) + assign(word.word, memory + "[" + index + "]");
}

std::string Branch::collect_text() const {
  std::string text = "  task automatic collect();\n";
  for (const ObservedPart& part : o_.parts) text += assign(part.member, path(part.field, part.part));
  for (const ObservedWord& word : o_.words) text += word_text(word);
  for (size_t i = 0; i < o_.inputs.size(); ++i) text += assign(o_.inputs[i], Observation::kInputs[i]);
  for (size_t gap : gaps_) text += "    o.unused_" + num(gap) + " = '0;\n";
  return text + "  endtask\n";
}

/// The addresses that the coming edge writes at: its words are looked at in the cycle after it.
std::string Branch::remember_text() const {
  const size_t width = address_width(), sums = static_cast<size_t>(config_.cols) * width;
  std::string text = "  logic [" + num(sums - 1) + ":0] sum_entry;\n";
  if (has_table()) text += "  logic [4:0] table_line;\n";
  text += "  task automatic remember();\n    sum_entry = " + datapath() + kTagEntries + "[" + num((first_stage() + 1) * width) + " +: " + num(sums) + "];\n";
  if (has_table()) text += "    table_line = " + datapath() + kTableLine + ";\n";
  return text + "  endtask\n";
}

std::string Branch::memories_text() const {
  std::string text = "  task automatic send_memories();\n    bit [MemoryBits-1:0] m;\n    m = '0;\n";
  for (size_t i = 0; i < o_.memories.size(); ++i) {
    const ObservedMemory& memory = o_.memories[i];
    const std::string bits = num(memory.bytes * 8);
    text += "    for (int i = 0; i < " + num(memory.words) + "; i++) m[i*" + bits + " +: " + bits + "] = " + bits + "'(" + path(memory.field, memory.part) +
            "[i]);\n";
    text += "    void'(assay_dpi_checker_memory(handle, " + num(i) + ", m));\n";
  }
  return text + "  endtask\n";
}

std::string Branch::condition() const {
  std::string text;
  for (const RtlParameter& p : rtl_parameters(config_)) text += (text.empty() ? "" : " && ") + std::string(p.name) + " == " + std::to_string(p.value);
  return text;
}

std::string Branch::text() {
  std::string text = "if (" + condition() + ") begin : gen_observation_" + config_hash(config_) + "  // " + config_.name + "\n";
  text += type_text();  // it finds the gaps, which collect_text() clears
  text += "  observation_t o;\n" + remember_text() + collect_text() + memories_text();
  text += "  initial introduce(\"" + parameters_text(config_) + "\", \"" + observation_hash(config_, fields_) + "\");\n";
  text += R"(  always @(posedge clk_i) begin
    if (running()) begin
      collect();
      step($isunknown(o[)" +
          num(o_.state_bytes * 8 - 1) + R"(:0]), ObservationBits'(o));
      if (memories_wanted) begin
        send_memories();
        resume();
      end
      if (ended) begin
        send_memories();
        conclude();
      end
    end
    remember();
  end
  final begin
    if (stands_open()) begin
      send_memories();
      conclude();
    end
  end
end
)";
  return text;
}

}  // namespace

std::string observation_source(const std::vector<HwConfig>& configs, const std::filesystem::path& rtl_map) {
  const npu::RtlMap map(rtl_map);
  size_t bytes = 0, memory_bytes = 0;
  std::string names, branches;
  for (const HwConfig& config : configs) {
    Branch branch(config, map);
    bytes = std::max(bytes, branch.observation().bytes);
    memory_bytes = std::max(memory_bytes, branch.observation().memory_bytes());
    names += (names.empty() ? "" : ", ") + config.name;
    branches += (branches.empty() ? "" : "else ") + branch.text();
  }
  return "// SPDX-License-Identifier: Apache-2.0\n// Generated by `assay list --fields --sv` from the field table and cosim/npu/rtl_map.yaml, for " + names +
         ". Included by npu_lockstep_checker.sv.\nlocalparam int ObservationBits = " + num(bytes * 8) +
         ";\nlocalparam int MemoryBits      = " + num(memory_bytes * 8) + ";\n\n" + branches + "else begin : gen_no_observation\n  initial refuse();\nend\n";
}

}  // namespace assay::dpi
