// The layer table: which folder may include what. ARCHITECTURE.md explains the arrows; this table is what ctest holds.
#pragma once

#include <span>
#include <string_view>

#include "tools/tidy/finding.hpp"
#include "tools/tidy/source.hpp"

namespace orderflow::tidy {

struct Layer {
    std::string_view folder;       // the row of a file is the longest folder that it lies in
    std::string_view project;      // folders it may include beside itself, separated by spaces; "*" is every folder
    std::string_view third_party;  // groups of headers (layers.cpp) beside the C++ standard library; "*" is all
    std::string_view hidden = {};  // the groups among them that its headers must not show to others
};

std::span<const Layer> layer_table() noexcept;

// Rules: layer, unknown-folder, include-path, umbrella-header.
Findings check_layers(const Source& source);

}  // namespace orderflow::tidy
