// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cosim/common/yaml_node.hpp"

namespace assay::npu {

using VectorNode = YamlNode;
using assay::parse_integer;

}  // namespace assay::npu
