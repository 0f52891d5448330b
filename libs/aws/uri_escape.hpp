// Percent-encoding as Signature Version 4 and the query protocol want it: everything but the unreserved characters of
// RFC 3986 (letters, digits, - . _ ~) is escaped, with upper-case digits.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace orderflow::aws {

// Appends `raw`, escaped. `also_plain` is a character that stays as it is: '/' in a path.
void append_escaped(std::string& out, std::string_view raw, char also_plain = '\0');
std::string escaped(std::string_view raw);

// The octets behind a name or value of a query string; '+' is a blank. Nothing when an escape is broken.
std::optional<std::string> unescaped(std::string_view text);

}  // namespace orderflow::aws
