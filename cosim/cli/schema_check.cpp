// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/schema_check.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

#include "cosim/cli/page_pieces.hpp"
#include "cosim/common/pattern.hpp"

namespace assay::cli {
namespace {

class Validator {
 public:
  explicit Validator(const SchemaFiles& source) : source_(source) {}

  std::string check(const Json& document, const std::string& file, const std::string& pointer) {
    visit(document, load(file).at(Json::json_pointer(pointer)), file, "");
    return errors_;
  }

 private:
  const Json& load(const std::string& file) {
    auto [it, fresh] = files_.try_emplace(file);
    if (fresh) it->second = parse_json(source_(file));
    return it->second;
  }

  void fail(const std::string& at, const std::string& what) { errors_ += (at.empty() ? "/" : at) + ": " + what + "\n"; }

  void follow(const Json& value, const std::string& reference, const std::string& file, const std::string& at) {
    const size_t hash = reference.find('#');
    const std::string target = hash == 0 ? file : reference.substr(0, hash);
    visit(value, load(target).at(Json::json_pointer(reference.substr(hash + 1))), target, at);
  }

  static bool has_type(const Json& value, const std::string& type) {
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "integer") return value.is_number_integer();
    if (type == "number") return value.is_number();
    if (type == "boolean") return value.is_boolean();
    if (type == "null") return value.is_null();
    throw std::runtime_error("unknown type " + type);
  }

  void check_type(const Json& value, const Json& types, const std::string& at) {
    bool good = types.is_string() && has_type(value, types.get<std::string>());
    if (types.is_array()) {
      for (const Json& type : types) good |= has_type(value, type.get<std::string>());
    }
    if (!good) fail(at, "is " + std::string(value.type_name()) + ", expected " + types.dump());
  }

  void check_object(const Json& value, const Json& schema, const std::string& file, const std::string& at) {
    for (const Json& key : schema.value("required", Json::array())) {
      if (!value.contains(key.get<std::string>())) fail(at, "lacks " + key.get<std::string>());
    }
    const Json properties = schema.value("properties", Json::object());
    for (const auto& [key, item] : value.items()) {
      if (properties.contains(key)) {
        visit(item, properties.at(key), file, at + "/" + key);
      } else if (const Json others = schema.value("additionalProperties", Json(true)); others.is_object()) {
        visit(item, others, file, at + "/" + key);
      } else if (others == Json(false)) {
        fail(at, "has the unknown key " + key);
      }
    }
  }

  void check_any(const Json& value, const Json& choices, const std::string& file, const std::string& at) {
    const std::string before = errors_;
    for (const Json& choice : choices) {
      errors_ = before;
      visit(value, choice, file, at);
      if (errors_ == before) return;
    }
  }

  void check_limits(const Json& value, const Json& schema, const std::string& at) {
    if (schema.contains("const") && value != schema["const"]) fail(at, "is " + value.dump() + ", expected " + schema["const"].dump());
    if (schema.contains("enum") && std::find(schema["enum"].begin(), schema["enum"].end(), value) == schema["enum"].end()) {
      fail(at, "is " + value.dump() + ", expected one of " + schema["enum"].dump());
    }
    if (schema.contains("pattern") && value.is_string() && !Pattern(schema["pattern"].get<std::string>()).found_in(value.get<std::string>())) {
      fail(at, "is " + value.dump() + ", expected " + schema["pattern"].dump());
    }
    if (schema.contains("minimum") && value.is_number() && value < schema["minimum"]) fail(at, "is too small");
    if (schema.contains("maximum") && value.is_number() && value > schema["maximum"]) fail(at, "is too large");
    if (schema.contains("minItems") && value.is_array() && value.size() < schema["minItems"].get<size_t>()) fail(at, "is too short");
    if (schema.contains("maxItems") && value.is_array() && value.size() > schema["maxItems"].get<size_t>()) fail(at, "is too long");
  }

  void visit(const Json& value, const Json& schema, const std::string& file, const std::string& at) {
    static const std::set<std::string> kKnown = {
        "$schema", "$id",   "$defs", "$ref", "title",   "description", "type",    "properties", "required", "additionalProperties",
        "items",   "anyOf", "const", "enum", "pattern", "minimum",     "maximum", "minItems",   "maxItems"};
    for (const auto& [key, unused] : schema.items()) {
      if (!kKnown.contains(key)) throw std::runtime_error("the schema check knows no keyword " + key);
    }
    if (schema.contains("$ref")) follow(value, schema["$ref"].get<std::string>(), file, at);
    if (schema.contains("type")) check_type(value, schema["type"], at);
    if (schema.contains("anyOf")) check_any(value, schema["anyOf"], file, at);
    check_limits(value, schema, at);
    if (value.is_object()) check_object(value, schema, file, at);
    if (value.is_array() && schema.contains("items")) {
      for (size_t i = 0; i < value.size(); ++i) visit(value[i], schema["items"], file, at + "/" + std::to_string(i));
    }
  }

  const SchemaFiles& source_;
  std::map<std::string, Json> files_;
  std::string errors_;
};

}  // namespace

std::string schema_findings(const Json& document, const std::string& file, const std::string& pointer, const SchemaFiles& files) {
  return Validator(files).check(document, file, pointer);
}

std::string built_in_schema(const std::string& file) {
  if (file == "result.schema.json") return kResultSchema;
  if (file == "mismatch.schema.json") return kMismatchSchema;
  throw std::runtime_error("no schema " + file + " is built in");
}

}  // namespace assay::cli
