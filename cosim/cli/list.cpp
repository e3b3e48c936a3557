// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <sstream>

#include "cosim/cli/commands.hpp"
#include "cosim/cli/exit_code.hpp"
#include "cosim/cli/record.hpp"
#include "cosim/cli/text.hpp"
#include "cosim/common/process.hpp"
#include "cosim/dpi/observation_source.hpp"

namespace assay::cli {
namespace {

void print(const std::string& text) { std::fputs(text.c_str(), stdout); }

Json tests_json() {
  npu::LoadOptions load;
  load.project_root = project_root();
  Json json = Json::array();
  for (const npu::TestInfo& test : npu::list_tests(load)) json.push_back({{"name", test.name}, {"description", test.description}});
  return json;
}

Json configs_json() {
  Json json = Json::array();
  for (const std::string& name : config_names()) {
    const HwConfig c = load_config(config_file(name));
    json.push_back({{"name", c.name},
                    {"hash", config_hash(c)},
                    {"rows", c.rows},
                    {"cols", c.cols},
                    {"formats", operand_formats(c)},
                    {"pe_latency", c.pe_latency},
                    {"acc_banks", c.acc_banks},
                    {"acc_depth", c.acc_depth}});
  }
  return json;
}

Json fields_json(const std::string& config) {
  const Tile model(load_config(config_file(config)));
  Json json = Json::array();
  for (const Field& field : model.fields()) {
    Json shape = Json::array();
    for (int n : field.shape) shape.push_back(n);
    json.push_back({{"block", field.block},
                    {"name", field.name},
                    {"shape", shape},
                    {"width", field.width},
                    {"format", field.format},
                    {"class", class_name(field.cls)},
                    {"valid", field.valid.empty() ? Json(nullptr) : Json(field.valid)}});
  }
  return json;
}

std::string tests_text(const Json& tests) {
  size_t width = 0;
  for (const Json& test : tests) width = std::max(width, test["name"].get<std::string>().size());
  std::string text;
  for (const Json& test : tests) text += pad_right(test["name"], width + 2) + wrapped(test["description"].get<std::string>(), 100, width + 2) + "\n";
  return text;
}

/// Size, operand formats and latency.
std::string size_text(const Json& c) {
  return std::to_string(c["rows"].get<int>()) + " rows, " + std::to_string(c["cols"].get<int>()) + " columns; " +
         joined(c["formats"].get<std::vector<std::string>>()) + "; latency " + std::to_string(c["pe_latency"].get<int>());
}

std::string configs_text(const Json& configs) {
  std::string text;
  for (const Json& c : configs) {
    text += pad_right(c["name"], 14) + size_text(c) + "; " + std::to_string(c["acc_banks"].get<int>()) + " banks of " +
            std::to_string(c["acc_depth"].get<int>()) + " accumulators, hash " + c["hash"].get<std::string>() + "\n";
  }
  return text;
}

std::string fields_text(const Json& fields) {
  std::string text =
      pad_right("field", 40) + pad_right("shape", 12) + pad_left("width", 5) + "  " + pad_right("format", 8) + pad_right("class", 10) + "valid\n";
  for (const Json& f : fields) {
    const std::string valid = f["valid"].is_null() ? "always" : f["valid"].get<std::string>();
    text += pad_right(f["block"].get<std::string>() + "." + f["name"].get<std::string>(), 40) +
            pad_right(index_text(f["shape"].get<std::vector<int64_t>>()), 12) + pad_left(std::to_string(f["width"].get<int>()), 5) + "  " +
            pad_right(f["format"], 8) + pad_right(f["class"], 10) + valid + "\n";
  }
  return text;
}

}  // namespace

namespace {

/// npu_observation.svh for one or more configs.
int list_observation(const ListOptions& options) {
  if (!options.fields || options.json)
    throw InputError("command line:1: --sv: given " + std::string(options.json ? "beside --json" : "without --fields") + ", expected --fields --sv");
  std::vector<HwConfig> configs;
  std::istringstream names(options.config);
  for (std::string name; std::getline(names, name, ',');) configs.push_back(load_config(config_file(name)));
  print(dpi::observation_source(configs, project_root() / "cosim/npu/rtl_map.yaml"));
  return kPass;
}

}  // namespace

int list_command(const ListOptions& options) {
  if (options.sv) return list_observation(options);
  if (options.configs && options.fields) throw InputError("command line:1: --configs: given beside --fields, expected one of them");
  const Json json = options.configs ? configs_json() : options.fields ? fields_json(options.config) : tests_json();
  if (options.json) {
    print(json_text(json));
  } else {
    print(options.configs ? configs_text(json) : options.fields ? fields_text(json) : tests_text(json));
  }
  return json.empty() ? kNothing : kPass;
}

int targets_command(bool json) {
  Json targets = Json::array();
  targets.push_back({{"name", "npu"}, {"description", "the weight-stationary tile of rtl/, integer or floating-point, built in"}, {"configs", configs_json()}});
  if (json) {
    print(json_text(targets));
    return kPass;
  }
  for (const Json& t : targets) {
    print(t["name"].get<std::string>() + "  " + t["description"].get<std::string>() + "\n");
    for (const Json& c : t["configs"]) print("     " + pad_right(c["name"], 14) + size_text(c) + "\n");
  }
  return kPass;
}

}  // namespace assay::cli
