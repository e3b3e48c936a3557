// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cosim/cli/run_directory.hpp"
#include "cosim/cli/schema_check.hpp"
#include "cosim/cli/text.hpp"
#include "cosim/common/process.hpp"
#include "cosim/npu/dut_builder.hpp"
#include "model/tile/tile.hpp"

namespace assay::cli {
namespace fs = std::filesystem;
namespace {

/// A JSON file of ours: what is missing or of another type is said with its key.
class JsonFile {
 public:
  JsonFile(std::string name, const std::string& text) : file_(std::move(name)) {
    try {
      json_ = parse_json(text);
    } catch (const Json::parse_error& error) {
      const auto end = text.begin() + static_cast<ptrdiff_t>(std::min(error.byte, text.size()));
      throw InputError(file_ + ":" + std::to_string(1 + std::count(text.begin(), end, '\n')) + ": json: damaged, expected a record of assay");
    }
  }

  template <class T>
  T get(const std::string& pointer) const {
    try {
      return json_.at(Json::json_pointer(pointer)).get<T>();
    } catch (const Json::exception&) {
      throw InputError(file_ + ":1: " + pointer.substr(1) + ": missing or of another type, expected a record of assay");
    }
  }

  JsonFile(std::string name, Json json) : file_(std::move(name)), json_(std::move(json)) {}

  /// Text of a number or a text; empty for null.
  std::string text(const std::string& pointer) const {
    const auto value = get<Json>(pointer);
    return value.is_null() ? "" : value.is_string() ? value.get<std::string>() : value.dump();
  }

  const Json& json() const { return json_; }

 private:
  std::string file_;
  Json json_;
};

std::string record_name(const fs::path& directory) {
  for (const char* name : {"mismatch.json", "result.json"}) {
    if (fs::is_regular_file(directory / name)) return name;
  }
  throw InputError("command line:1: DIR: '" + directory.string() + "' holds no mismatch.json, expected a directory that a run left, or a token");
}

RunOptions options_of(const JsonFile& record) {
  RunOptions options;
  options.seed = record.get<std::string>("/seed");
  options.stall = record.text("/options/stall");
  options.cycles = record.text("/options/cycles");
  options.max_mismatches = record.text("/options/max_mismatches");
  options.no_rtl = !record.get<bool>("/options/rtl");
  options.resync = record.json()["options"].value("resync", false);
  options.faults = record.get<std::vector<std::string>>("/faults");
  return options;
}

void differences(const Json& a, const Json& b, const std::string& at, std::vector<std::string>& out) {
  if (a == b) return;
  const bool objects = a.is_object() && b.is_object();
  if (!objects && !(a.is_array() && b.is_array() && a.size() == b.size())) {
    const auto shown = [](const Json& j) { return j.is_structured() ? std::to_string(j.size()) + " items" : j.dump(); };
    out.push_back(at + ": " + shown(a) + ", now " + shown(b));
    return;
  }
  if (!objects) {
    for (size_t i = 0; i < a.size(); ++i) differences(a[i], b[i], at + "/" + std::to_string(i), out);
    return;
  }
  for (const auto& [key, value] : a.items()) differences(value, b.value(key, Json(nullptr)), at + "/" + key, out);
  for (const auto& [key, value] : b.items()) {
    if (!a.contains(key)) out.push_back(at + "/" + key + ": not there, now " + value.dump());
  }
}

}  // namespace

namespace {

/// The run that a record, or the head of a recording, names, with its files in `dir`.
RecordedRun load_run(const JsonFile& record, const std::string& name, const fs::path& dir) {
  RecordedRun run;
  for (const char* file : {"repro.yaml", "config.yaml"}) {
    if (!fs::is_regular_file(dir / file)) throw InputError((dir / file).string() + ":1: file: missing, expected it beside " + name);
  }
  run.record_file = name;
  run.options = options_of(record);
  run.options.vector = (dir / "repro.yaml").string();
  run.options.config = (dir / "config.yaml").string();
  RunOptions resolved = run.options;  // the vector holds the stall profiles as they were drawn
  resolved.stall.clear();
  run.input = prepare_run(resolved);
  const auto hash = record.get<std::string>("/config/hash");
  if (config_hash(run.input.config) != hash) {
    throw InputError((dir / "config.yaml").string() + ":1: config: hash is " + config_hash(run.input.config) + ", expected " + hash + " as recorded");
  }
  run.input.test = record.get<std::string>("/test");
  run.input.vector_hash = record.text("/vector_hash");
  run.input.identity = Identity{record.get<std::string>("/token"), record.get<std::string>("/reproduce")};
  run.record = record.json();
  return run;
}

}  // namespace

StoredRecord load_record(const std::string& directory_or_file) {
  const fs::path given = directory_or_file;
  const fs::path file = fs::is_regular_file(given) ? given : given / record_name(given);
  const JsonFile json(file.string(), read_file(file));
  const auto schema = json.get<std::string>("/schema");
  if (schema != "assay/result/1" && schema != "assay/mismatch/1") {
    throw InputError(file.string() + ":1: schema: is '" + schema + "', expected assay/result/1 or assay/mismatch/1");
  }
  const std::string name = schema == "assay/result/1" ? "result.schema.json" : "mismatch.schema.json";
  const std::string findings = schema_findings(json.json(), name, "", built_in_schema);
  if (!findings.empty()) throw InputError(file.string() + ":1: " + first_line(findings) + ", expected a record of this version of assay");
  return {file.string(), json.json()};
}

RecordedRun load_directory(const std::string& directory) {
  const std::string name = record_name(directory);
  const fs::path file = fs::path(directory) / name;
  RecordedRun run = load_run(JsonFile(file.string(), read_file(file)), name, directory);
  std::string& token = run.input.identity->token;
  token = token.substr(0, token.rfind(':') + 1) + npu::rtl_source_hash();  // the RTL may be another one by now
  return run;
}

RecordedRun load_recorded(const Json& identity, const std::string& name, const fs::path& directory) {
  return load_run(JsonFile(name, identity), name, directory);
}

std::vector<std::string> record_differences(const Json& recorded, const Json& now) {
  Json a = recorded, b = now;
  for (Json* json : {&a, &b}) {
    json->erase("host");
    // A record in a failure directory is the same document under another name, and waves are what was to be shown of the run, not what it was.
    for (const char* key : {"schema", "waves", "waves_reason"}) json->erase(key);
  }
  std::vector<std::string> out;
  differences(a, b, "", out);
  return out;
}

}  // namespace assay::cli
