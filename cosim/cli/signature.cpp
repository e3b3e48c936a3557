// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/signature.hpp"

#include "cosim/engine/error_class.hpp"

namespace assay::cli {
namespace {

/// skew_3 → skew: the number is a row or a stage.
std::string family_of(const std::string& field) {
  const size_t digits = field.find_last_not_of("0123456789") + 1;
  return digits < field.size() && digits > 1 && field[digits - 1] == '_' ? field.substr(0, digits - 1) : field;
}

/// A job's name is the vector's own: its results are all out_data.
std::string place_of(const Mismatch& m) {
  const bool output = m.kind == "functional" || m.kind == "expect";
  return m.block + "." + (output && m.field != "rsp_data" ? "out_data" : family_of(m.field));
}

}  // namespace

std::string coarse_signature(const Mismatch& first) { return "npu/" + place_of(first) + "/" + first.kind; }

Signature signature_of(const Mismatch& first, const Trace& trace) {
  Signature signature{coarse_signature(first), {}};
  if (first.kind != "state" && first.kind != "pin") return signature;
  const auto error = error_class(trace, first);
  if (error) signature.fine = signature.coarse + "/" + first.format + "/" + error_class_name(*error);
  return signature;
}

nlohmann::ordered_json signature_json(const Signature& signature) {
  nlohmann::ordered_json json = {{"coarse", signature.coarse}};
  json["fine"] = signature.fine.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(signature.fine);
  return json;
}

}  // namespace assay::cli
