#include "libs/observe/xray_header.hpp"

#include <algorithm>
#include <string>

namespace orderflow::observe {
namespace {

// The value of `name` among "name=value" that semicolons separate.
std::string_view value_of(std::string_view header, std::string_view name) {
    while (!header.empty()) {
        const auto end = std::min(header.find(';'), header.size());
        const auto field = header.substr(0, end);
        const auto equals = field.find('=');
        if (equals != std::string_view::npos && field.substr(0, equals) == name) return field.substr(equals + 1);
        header.remove_prefix(std::min(end + 1, header.size()));
    }
    return {};
}

}  // namespace

std::optional<TraceContext> read_xray_header(std::string_view header) {
    constexpr std::size_t root_length = 35;  // 1-{8 digits: seconds since 1970}-{24 digits}
    constexpr std::size_t second_hyphen = 10;
    const auto root = value_of(header, "Root");
    if (root.size() != root_length || !root.starts_with("1-") || root[second_hyphen] != '-') return std::nullopt;
    std::string w3c = "00-";
    w3c.append(root.substr(2, second_hyphen - 2)).append(root.substr(second_hyphen + 1)).append("-");
    w3c.append(value_of(header, "Parent")).append(value_of(header, "Sampled") == "1" ? "-01" : "-00");
    return TraceContext::parse(w3c);
}

}  // namespace orderflow::observe
