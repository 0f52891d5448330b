// The sample catalogue, compiled into the program: the first start needs no file.
#pragma once

#include <string_view>

namespace orderflow {

// contracts/catalogue.json as it was when the program was built.
std::string_view sample_catalogue_json() noexcept;

}  // namespace orderflow
