// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

// Compiled in json.cpp: the templates take a compiler seconds in every file that would make its own of them.
extern template class nlohmann::basic_json<nlohmann::ordered_map>;
extern template class nlohmann::detail::serializer<nlohmann::ordered_json>;

namespace assay {

/// A JSON value whose objects keep the order in which their keys were added.
using Json = nlohmann::ordered_json;

/// The document that the text is. Throws Json::parse_error.
Json parse_json(std::string_view text);

/// The document that the text is; a discarded value (is_discarded) when it is none.
Json try_parse_json(std::string_view text);

}  // namespace assay
