// A list of texts in one column: each as its length (4 bytes, lowest first) and its bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orderflow::queue {

std::string pack_texts(const std::vector<std::string_view>& texts);
// Nothing for bytes that pack_texts() cannot have made. The texts live as long as `packed`.
std::optional<std::vector<std::string_view>> unpack_texts(std::string_view packed);

}  // namespace orderflow::queue
