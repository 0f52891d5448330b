// Percent-encoding (RFC 3986, section 2.1), decoded exactly once.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orderflow::net {

// The path of a request target, decoded. nullopt when an escape is broken, or hides a control character, '/' or '\'
// (proxies disagree about what these mean), or when the result is not UTF-8. Appends to `out` only if '%' occurs;
// otherwise returns `raw` itself.
std::optional<std::string_view> decode_path(std::string_view raw, std::string& out);

// The value of the first parameter `name` in a query string as sent ("a=1&b=x%20y"), decoded; '+' is a blank as in
// HTML forms. A name without '=' has an empty value. nullopt when it is not there, or is_query() is false.
std::optional<std::string> query_param(std::string_view query, std::string_view name);

// The names of all parameters of a query string, decoded, in its order; one that cannot be decoded as it was sent.
std::vector<std::string> query_names(std::string_view query);

// Whether each name and value of a query string as sent can be decoded.
bool is_query(std::string_view query);

// One form value or key; nullopt when an escape is broken or the result is not UTF-8.
std::optional<std::string> decode_form(std::string_view raw);

// A text as such a value or key: what is not unreserved (RFC 3986, section 2.3) is escaped.
std::string encode_form(std::string_view text);

bool is_utf8(std::string_view text) noexcept;

}  // namespace orderflow::net
