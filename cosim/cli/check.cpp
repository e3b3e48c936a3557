// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/check.hpp"

#include <filesystem>
#include <fstream>

#include "cosim/cli/commands.hpp"
#include "cosim/cli/host.hpp"
#include "cosim/cli/run.hpp"
#include "cosim/cli/run_directory.hpp"
#include "cosim/cli/temporary_folder.hpp"
#include "cosim/engine/compare_plan.hpp"
#include "cosim/npu/adapter_source.hpp"
#include "model/tile/tile.hpp"

namespace assay::cli {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void fail(const std::string& file, const std::string& what) { throw InputError(file + ":1: recording: " + what); }

Json header_of(const RecordingReader& recording, const std::string& file) {
  const Json header = try_parse_json(recording.header());
  if (!header.is_object()) fail(file, "has a damaged header, expected JSON");
  const std::string schema = header.value("schema", Json("")).dump();
  if (schema != '"' + std::string(kRecordingSchema) + '"') fail(file, "has schema " + schema + ", expected " + kRecordingSchema);
  const std::string target = header.value("target", Json("")).dump();
  if (target != "\"npu\"") fail(file, "is of the target " + target + ", expected npu: no other is built in");
  return header;
}

void extract(const RecordingReader& recording, const fs::path& to, const std::string& file) {
  for (const auto& [name, bytes] : recording.files()) {
    const fs::path inside = fs::path(name).lexically_normal();
    if (inside.is_absolute() || inside.empty() || *inside.begin() == "..") fail(file, "holds a file '" + name + "' outside its folder");
    fs::create_directories((to / inside).parent_path());
    std::ofstream out(to / inside, std::ios::binary);
    out << bytes;
    if (!out.flush()) fail(file, "'" + name + "' cannot be unpacked into the temporary folder");
  }
}

/// The recording's layout must be the one of this revision's field table: a table's hash says that it differs, the first difference says where.
void require_layout(const RecordingReader& recording, const Json& header, const HwConfig& config, const std::string& file) {
  const Tile model(config);
  std::vector<std::pair<std::string, size_t>> wanted;
  for (const Field& field : model.fields()) {
    for (size_t p = 0; p < field.parts.size(); ++p) wanted.emplace_back(field.block + "." + field.name + "/" + std::to_string(p), part_bytes(field));
  }
  size_t at = 0;
  for (const RecordingReader::Image& image : recording.layout()) {
    if (image.name.starts_with("in.")) continue;
    if (at < wanted.size() && wanted[at] == std::pair(image.name, image.bytes)) {
      ++at;
      continue;
    }
    fail(file, "holds " + image.name + " of " + std::to_string(image.bytes) + " bytes, this revision's field table has " +
                   (at < wanted.size() ? wanted[at].first + " of " + std::to_string(wanted[at].second) : std::string("nothing")) + " there");
  }
  if (at != wanted.size()) fail(file, "lacks " + wanted[at].first + " of this revision's field table");
  const std::string hash = npu::field_table_hash(model.fields());
  if (header.value("fields", Json("")) != Json(hash)) fail(file, "was made with another field table, expected " + hash);
}

}  // namespace

std::string recording_header(const RunOptions& options, const RunInput& input) {
  Json json = {{"schema", kRecordingSchema}, {"assay", assay_version()}, {"fields", npu::field_table_hash(Tile(input.config).fields())}};
  json.update(run_identity(options, input));
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

int check_command(const CheckOptions& options) {
  const auto recording = std::make_shared<RecordingReader>(options.file);
  const Json header = header_of(*recording, options.file);
  const TemporaryFolder folder;
  extract(*recording, folder.path(), options.file);
  RecordedRun run = load_recorded(header, options.file, folder.path());
  require_layout(*recording, header, run.input.config, options.file);
  run.options.out = options.out;
  run.options.json = options.json;
  run.options.html = options.html;
  run.options.junit = options.junit;
  run.options.annotate = options.annotate;
  run.options.waves = options.waves;
  run.options.command_line = options.command_line;
  run.options.default_directory = false;
  if (!options.timeout.empty()) run.input.lockstep.timeout_seconds = parse_seconds(options.timeout);
  check_destinations(run.options);
  run.input.recording = recording;
  return execute_run(run.options, run.input).code;
}

}  // namespace assay::cli
