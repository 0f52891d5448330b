// The Idempotency-Key of a request: quoted (draft-ietf-httpapi-idempotency-key-header-07, a string of RFC 8941) and
// bare forms name the same key.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "libs/base/result.hpp"
#include "libs/net/request.hpp"

namespace orderflow::api {

inline constexpr std::size_t key_max = 255;
// Anonymous callers share one space of keys: a short key could meet a stranger's.
inline constexpr std::size_t anonymous_key_min = 16;
// The keys of a tenant are its own.
inline constexpr std::size_t tenant_key_min = 1;

// invalid_input "invalid-idempotency-key" unless it has `min` to key_max printable ASCII characters.
Result<std::string> parse_idempotency_key(std::string_view field, std::size_t min = anonymous_key_min);

// The key of a request; nothing without the header. Sent twice it is invalid.
Result<std::optional<std::string>> idempotency_key_of(const net::Request& request, std::size_t min = anonymous_key_min);

}  // namespace orderflow::api
