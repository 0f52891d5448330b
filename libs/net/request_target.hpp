// The request target (RFC 9112, section 3.2), checked against the grammar of RFC 3986 octet by octet.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "libs/net/method.hpp"

namespace orderflow::net {

enum class TargetForm : std::uint8_t { origin, absolute, authority, asterisk };

struct RequestTarget {
    TargetForm form;
    std::string_view authority;  // of the absolute and authority forms
    std::string_view path;       // still encoded; "/" where the absolute form has none
    std::string_view query;      // still encoded, without '?'
};

// Views into `target`. nullopt when it follows no form that `method` may have: only CONNECT has the authority form,
// only OPTIONS the asterisk form, the absolute form is of http or https. A '%' without two hexadecimal digits, a
// fragment, and octets outside RFC 3986 are refused.
std::optional<RequestTarget> parse_target(Method method, std::string_view target) noexcept;

// host [":" port], as in a Host field: an IPv4 address, a name of letters, digits and "-._~", or an IPv6 address in
// brackets. Not empty, no user name.
bool is_host(std::string_view text) noexcept;

}  // namespace orderflow::net
