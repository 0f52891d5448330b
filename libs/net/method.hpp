// The request methods that routes are declared for (RFC 9110, section 9).
#pragma once

#include <cstdint>
#include <string_view>

namespace orderflow::net {

// `other` is a valid token that this server does not know; it is answered 501 before any route is asked.
enum class Method : std::uint8_t { get, head, post, put, patch, del, options, connect, trace, other };

// Methods are case-sensitive: "get" is `other`.
Method to_method(std::string_view name) noexcept;

// "GET", ...; empty for `other`.
std::string_view to_string(Method method) noexcept;

}  // namespace orderflow::net
