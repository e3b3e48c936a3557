// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <sstream>

#include "cosim/dpi/observation_source.hpp"
#include "cosim/npu/dut_builder.hpp"

namespace assay::dpi {

std::vector<RtlParameter> rtl_parameters(const HwConfig& c) {
  return {{"Rows", "rows", c.rows},
          {"Cols", "cols", c.cols},
          {"AccBanks", "acc_banks", c.acc_banks},
          {"AccDepth", "acc_depth", c.acc_depth},
          {"CommandFifoDepth", "command_fifo_depth", c.command_fifo_depth},
          {"WeightFifoDepth", "weight_fifo_depth", c.weight_fifo_depth},
          {"ActivationFifoDepth", "activation_fifo_depth", c.activation_fifo_depth},
          {"QueueDepth", "queue_depth", c.queue_depth},
          {"OutputFifoDepth", "output_fifo_depth", c.output_fifo_depth},
          {"ResponseFifoDepth", "response_fifo_depth", c.response_fifo_depth},
          {"Formats", "formats", npu::format_mask(c)},
          {"PeLatency", "pe_latency", c.pe_latency}};
}

std::string parameters_text(const HwConfig& config) {
  std::string text = "name=" + config.name;
  for (const RtlParameter& p : rtl_parameters(config)) text += std::string(" ") + p.key + "=" + std::to_string(p.value);
  return text;
}

HwConfig config_of_parameters(const std::string& text) {
  HwConfig c;
  const auto fail = [&text](const std::string& why) { return InputError("config:1: " + why + ", in '" + text + "'"); };
  const std::pair<const char*, int*> places[] = {{"rows", &c.rows},
                                                 {"cols", &c.cols},
                                                 {"acc_banks", &c.acc_banks},
                                                 {"acc_depth", &c.acc_depth},
                                                 {"command_fifo_depth", &c.command_fifo_depth},
                                                 {"weight_fifo_depth", &c.weight_fifo_depth},
                                                 {"activation_fifo_depth", &c.activation_fifo_depth},
                                                 {"queue_depth", &c.queue_depth},
                                                 {"output_fifo_depth", &c.output_fifo_depth},
                                                 {"response_fifo_depth", &c.response_fifo_depth},
                                                 {"pe_latency", &c.pe_latency}};
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const size_t equals = word.find('=');
    if (equals == std::string::npos) throw fail(word + ": is not key=value, expected the parameters of a config");
    const std::string key = word.substr(0, equals), value = word.substr(equals + 1);
    if (key == "name") {
      c.name = value;
      continue;
    }
    int number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc{} || end != value.data() + value.size()) throw fail(key + ": '" + value + "' is not an integer, expected one");
    if (key == "formats") {
      if (number < 0 || number > 0xFFFF) throw fail("formats: " + value + " is no mask of formats, expected bits of format codes");
      c.formats = static_cast<uint16_t>(number);
      continue;
    }
    int* place = nullptr;
    for (const auto& [name, at] : places)
      if (key == name) place = at;
    if (place == nullptr) throw fail(key + ": is unknown, expected a parameter of a config");
    *place = number;
  }
  check_config(c, "config:1");
  return c;
}

}  // namespace assay::dpi
