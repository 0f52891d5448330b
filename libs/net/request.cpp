#include "libs/net/request.hpp"

#include <algorithm>

#include "libs/net/ascii.hpp"

namespace orderflow::net {

std::optional<std::string_view> Request::field(std::string_view name) const noexcept {
    for (const auto& field : fields) {
        if (iequals(field.name, name)) return field.value;
    }
    return std::nullopt;
}

std::size_t Request::field_count(std::string_view name) const noexcept {
    return static_cast<std::size_t>(
        std::ranges::count_if(fields, [name](const Field& field) { return iequals(field.name, name); }));
}

std::string_view Request::param(std::string_view name) const noexcept {
    for (const auto& param : params) {
        if (param.name == name) return param.value;
    }
    return {};
}

}  // namespace orderflow::net
