// SPDX-License-Identifier: Apache-2.0
#include "cosim/dpi/simulator.hpp"

#include <svdpi.h>
#include <vpi_user.h>

#include "cosim/common/process.hpp"

#pragma weak svGetScope
#pragma weak svGetNameFromScope
#pragma weak svGetScopeFromName
#pragma weak svPutUserData
#pragma weak svGetUserData
#pragma weak vpi_get_time
#pragma weak vpi_get
#pragma weak vpi_handle_by_name
#pragma weak vpi_handle_by_index
#pragma weak vpi_get_value
#pragma weak vpi_put_value
#pragma weak vpi_release_handle

namespace assay::dpi {
namespace {

constexpr const char* kCheckerName = "u_checker";
const char kKey = 0;  ///< its address is the key of our data in the simulator's scopes
void* key() { return const_cast<char*>(&kKey); }

std::string parent(const std::string& scope) {
  const size_t dot = scope.rfind('.');
  return dot == std::string::npos ? "" : scope.substr(0, dot);
}

/// A handle that is given back.
class Handle {
 public:
  explicit Handle(const Variable& variable) {
    if (vpi_handle_by_name == nullptr || vpi_put_value == nullptr || vpi_get_value == nullptr) {
      throw BuildError("the simulator offers no VPI (Verilator: --vpi), expected it for faults and for filling memories");
    }
    find(variable.name);
    if (handle_ == nullptr) throw BuildError(variable.name + ": the simulator does not know this variable, or not for writing");
    if (variable.word < 0) return;
    vpiHandle word = vpi_handle_by_index(handle_, static_cast<PLI_INT32>(variable.word));
    if (word == nullptr) throw BuildError(variable.name + "[" + std::to_string(variable.word) + "]: the simulator does not know this word");
    vpi_release_handle(handle_);
    handle_ = word;
  }
  ~Handle() { vpi_release_handle(handle_); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  vpiHandle get() const { return handle_; }
  size_t bits() const { return static_cast<size_t>(vpi_get(vpiSize, handle_)); }

 private:
  /// By its name in the language, then as Verilator 5.006 calls it: its root has a name, brackets of generate blocks are spelt out.
  void find(const std::string& name) {
    std::string spelt;
    for (const char c : name) spelt += c == '[' ? "__BRA__" : c == ']' ? "__KET__" : std::string(1, c);
    for (std::string text : {name, "TOP." + name, spelt, "TOP." + spelt}) {
      handle_ = vpi_handle_by_name(text.data(), nullptr);
      if (handle_ != nullptr) return;
    }
  }

  vpiHandle handle_ = nullptr;
};

}  // namespace

uint64_t simulation_time() {
  if (vpi_get_time == nullptr) return 0;
  s_vpi_time time{};
  time.type = vpiSimTime;
  vpi_get_time(nullptr, &time);
  return uint64_t{time.high} << 32 | time.low;
}

void remember_scope(void* handle) {
  if (svGetScope == nullptr || svPutUserData == nullptr) return;
  const svScope scope = svGetScope();
  if (scope != nullptr) svPutUserData(scope, key(), handle);
}

void* handle_of_scope() {
  if (svGetScope == nullptr || svGetUserData == nullptr) return nullptr;
  const svScope scope = svGetScope();
  if (scope == nullptr) return nullptr;
  for (std::string name = svGetNameFromScope(scope); !name.empty(); name = parent(name)) {
    const svScope checker = svGetScopeFromName((name + "." + kCheckerName).c_str());
    if (checker == nullptr) continue;
    if (void* handle = svGetUserData(checker, key())) return handle;
  }
  return nullptr;
}

std::string tile_of_scope() {
  if (svGetScope == nullptr || svGetScope() == nullptr) return {};
  const std::string name = svGetNameFromScope(svGetScope());
  const size_t checker = name.find(std::string(".") + kCheckerName);
  return checker == std::string::npos ? name : name.substr(0, checker);
}

std::vector<uint32_t> read_variable(const Variable& variable) {
  const Handle handle(variable);
  s_vpi_value value{};
  value.format = vpiVectorVal;
  vpi_get_value(handle.get(), &value);
  if (value.value.vector == nullptr) throw BuildError(variable.name + ": the simulator does not give its value");
  std::vector<uint32_t> words((handle.bits() + 31) / 32);
  for (size_t i = 0; i < words.size(); ++i) words[i] = static_cast<uint32_t>(value.value.vector[i].aval);
  return words;
}

void write_variable(const Variable& variable, const std::vector<uint32_t>& words) {
  const Handle handle(variable);
  std::vector<s_vpi_vecval> vector(words.size() + 1);
  for (size_t i = 0; i < words.size(); ++i) vector[i].aval = static_cast<decltype(vector[i].aval)>(words[i]);
  s_vpi_value value{};
  value.format = vpiVectorVal;
  value.value.vector = vector.data();
  vpi_put_value(handle.get(), &value, nullptr, vpiNoDelay);
}

}  // namespace assay::dpi
