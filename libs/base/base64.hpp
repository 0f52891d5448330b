// Base64 (RFC 4648, section 4), with padding.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace orderflow {

std::string to_base64(std::string_view bytes);

// nullopt for anything that to_base64() does not write: other characters, a length that is no multiple of four, padding
// in the middle, bits behind the last octet.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace orderflow
