#include "api-service/query_rules.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "libs/net/percent.hpp"
#include "libs/observe/printable.hpp"

namespace orderflow::api {
namespace {

constexpr std::size_t digits_max = 18;
constexpr std::int64_t limit_max = 100;
constexpr std::size_t shown_max = 60;  // of a name that came from outside

}  // namespace

std::unexpected<std::string> refuse_parameter(std::string_view name, std::string_view what) {
    return std::unexpected(fmt::format("The query parameter {} is not {}.", name, what));
}

std::optional<std::string> foreign_parameter(std::string_view query, std::initializer_list<std::string_view> known) {
    for (const auto& name : net::query_names(query)) {
        if (std::ranges::find(known, name) != known.end()) continue;
        auto sentence = fmt::format("There is no query parameter {} here.", observe::printable_line(name, shown_max));
        if (known.size() == 0) return sentence + " This operation takes none.";
        return sentence + fmt::format(" There are: {}.", fmt::join(known, ", "));
    }
    return std::nullopt;
}

std::expected<std::uint32_t, std::string> read_limit(std::string_view query, std::uint32_t otherwise) {
    const auto text = net::query_param(query, "limit");
    if (!text) return otherwise;
    const auto number = parse_natural(*text);
    if (!number || *number < 1 || *number > limit_max) return refuse_parameter("limit", "a number from 1 to 100");
    return static_cast<std::uint32_t>(*number);
}

std::optional<std::int64_t> parse_natural(std::string_view text) {
    if (text.empty() || text.size() > digits_max) return std::nullopt;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number < 0) return std::nullopt;
    return number;
}

}  // namespace orderflow::api
