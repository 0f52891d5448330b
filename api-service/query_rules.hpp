// What every reader of a query says of a parameter that is wrong, and the rule that none may be there that the
// operation does not know: a filter with a misspelled name would list what nobody asked for.
#pragma once

#include <cstdint>
#include <expected>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace orderflow::api {

// "The query parameter status is not a status."
std::unexpected<std::string> refuse_parameter(std::string_view name, std::string_view what);

// Nothing when each parameter of the query is one of `known`; else a sentence that names the first other one and those
// there are. `query` as sent.
std::optional<std::string> foreign_parameter(std::string_view query, std::initializer_list<std::string_view> known);

// The parameter `limit` of a list, or `otherwise`.
std::expected<std::uint32_t, std::string> read_limit(std::string_view query, std::uint32_t otherwise);

// 1 to 18 digits; nothing for other texts.
std::optional<std::int64_t> parse_natural(std::string_view text);

}  // namespace orderflow::api
