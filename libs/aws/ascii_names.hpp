// Names of headers, which compare without case. ASCII only, independent of any locale.
#pragma once

#include <algorithm>
#include <string_view>

namespace orderflow::aws {

constexpr char lower_case(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

constexpr bool equal_names(std::string_view a, std::string_view b) noexcept {
    return std::ranges::equal(a, b, {}, lower_case, lower_case);
}

}  // namespace orderflow::aws
