#include "libs/net/method.hpp"

#include <array>
#include <utility>

namespace orderflow::net {

namespace {

constexpr std::array<std::pair<std::string_view, Method>, 9> names{{
    {"GET", Method::get},
    {"HEAD", Method::head},
    {"POST", Method::post},
    {"PUT", Method::put},
    {"PATCH", Method::patch},
    {"DELETE", Method::del},
    {"OPTIONS", Method::options},
    {"CONNECT", Method::connect},
    {"TRACE", Method::trace},
}};

}  // namespace

Method to_method(std::string_view name) noexcept {
    for (const auto& [text, method] : names) {
        if (text == name) return method;
    }
    return Method::other;
}

std::string_view to_string(Method method) noexcept {
    for (const auto& [text, known] : names) {
        if (known == method) return text;
    }
    return {};
}

}  // namespace orderflow::net
