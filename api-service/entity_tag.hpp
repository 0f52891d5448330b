// Entity tags and conditional requests (RFC 9110, sections 8.8.3, 13.1.1 and 13.1.2).
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "libs/net/request.hpp"

namespace orderflow::api {

// "\"4\"" for version 4.
std::string version_tag(std::int32_t version);

// Whether If-None-Match names `tag` (weak comparison) or "*".
bool matches_none_of(const net::Request& request, std::string_view tag);

// The version that If-Match demands; nothing without the field or with "*". An error: it is no version of ours.
std::expected<std::optional<std::int32_t>, std::string> demanded_version(const net::Request& request);

}  // namespace orderflow::api
