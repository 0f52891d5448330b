#include "api-service/entity_tag.hpp"

#include <charconv>
#include <limits>

#include "libs/net/ascii.hpp"

namespace orderflow::api {

std::string version_tag(std::int32_t version) { return '"' + std::to_string(version) + '"'; }

bool matches_none_of(const net::Request& request, std::string_view tag) {
    for (const auto& field : request.fields) {
        if (!net::iequals(field.name, "If-None-Match")) continue;
        auto rest = field.value;
        while (!rest.empty()) {
            const auto end = std::min(rest.find(','), rest.size());
            auto one = net::trim_ows(rest.substr(0, end));
            if (one.starts_with("W/")) one.remove_prefix(2);
            if (one == "*" || one == tag) return true;
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    }
    return false;
}

std::expected<std::optional<std::int32_t>, std::string> demanded_version(const net::Request& request) {
    const auto field = request.field("If-Match");
    if (!field || *field == "*") return std::nullopt;
    auto text = *field;
    const bool quoted = text.size() > 2 && text.starts_with('"') && text.ends_with('"');
    if (!quoted || request.field_count("If-Match") > 1) return std::unexpected("If-Match names no version.");
    text = text.substr(1, text.size() - 2);
    std::int32_t version = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
    if (error == std::errc::result_out_of_range) version = std::numeric_limits<std::int32_t>::max();  // matches none
    if (error == std::errc::invalid_argument || end != text.data() + text.size() || version < 0) {
        return std::unexpected("If-Match names no version.");
    }
    return version;
}

}  // namespace orderflow::api
