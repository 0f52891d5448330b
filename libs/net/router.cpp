#include "libs/net/router.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace orderflow::net {

namespace {

[[noreturn]] void bad_pattern(const Route& route, const char* why) {
    throw std::invalid_argument("route " + route.name + " (" + route.pattern + "): " + why);
}

std::string_view next_segment(std::string_view& rest) noexcept {
    rest.remove_prefix(1);  // the slash
    const auto segment = rest.substr(0, rest.find('/'));
    rest.remove_prefix(segment.size());
    return segment;
}

// The name inside of "{name}"; empty for a literal.
std::string_view param_name(std::string_view segment) noexcept {
    if (segment.size() < 3 || !segment.starts_with('{') || !segment.ends_with('}')) return {};
    return segment.substr(1, segment.size() - 2);
}

}  // namespace

Router::Router(std::vector<Route> routes) : routes_(std::move(routes)) {
    std::array<bool, 10> known{};
    for (const auto& route : routes_) {
        auto& slot = path_of(route).by_method[static_cast<std::size_t>(route.method)];
        if (slot != nullptr) bad_pattern(route, "stands in the table twice");
        if (!route.handler) bad_pattern(route, "has no handler");
        slot = &route;
        known[static_cast<std::size_t>(route.method)] = true;
    }
    // A literal decides before a {param}: the more literal segments come first.
    std::ranges::sort(patterns_, [](const Path& a, const Path& b) { return a.is_param < b.is_param; });
    Path all;
    for (std::size_t m = 0; m < known.size(); ++m) {
        if (known[m]) all.by_method[m] = &routes_.front();
    }
    all_methods_ = allow_of(all);
    for (auto& [pattern, path] : literal_) path.allow = allow_of(path);
    for (auto& path : patterns_) path.allow = allow_of(path);
}

Router::Path& Router::path_of(const Route& route) {
    if (!route.pattern.starts_with('/')) bad_pattern(route, "does not begin with '/'");
    Path parsed;
    std::string_view rest = route.pattern;
    while (!rest.empty()) {
        const auto segment = next_segment(rest);
        const auto name = param_name(segment);
        if (name.empty() && segment.find_first_of("{}") != std::string_view::npos)
            bad_pattern(route, "malformed {param}");
        parsed.segments.emplace_back(name.empty() ? segment : name);
        parsed.is_param.push_back(!name.empty());
    }
    const auto params = std::ranges::count(parsed.is_param, true);
    if (params == 0) return literal_[route.pattern];
    if (static_cast<std::size_t>(params) > max_params) bad_pattern(route, "too many {params}");
    const auto same = std::ranges::find_if(patterns_, [&parsed](const Path& path) {
        return path.segments == parsed.segments && path.is_param == parsed.is_param;
    });
    if (same != patterns_.end()) return *same;
    return patterns_.emplace_back(std::move(parsed));
}

std::string Router::allow_of(const Path& path) {
    std::string allow;
    const auto add = [&allow](Method method) {
        if (!allow.empty()) allow += ", ";
        allow += to_string(method);
    };
    const auto has = [&path](Method method) { return path.by_method[static_cast<std::size_t>(method)] != nullptr; };
    for (const auto method : {Method::get, Method::head, Method::post, Method::put, Method::patch, Method::del}) {
        if (has(method) || (method == Method::head && has(Method::get))) add(method);
    }
    add(Method::options);
    return allow;
}

Router::Match Router::choose(const Path& path, Method method, std::span<const PathParam> params) {
    const auto at = [&path](Method m) { return path.by_method[static_cast<std::size_t>(m)]; };
    const Route* route = at(method);
    if (route == nullptr && method == Method::head) route = at(Method::get);
    if (route == nullptr && method == Method::options) return Options{path.allow};
    if (route == nullptr) return MethodNotAllowed{path.allow};
    Matched matched{.route = route, .params = {}, .param_count = params.size()};
    std::ranges::copy(params, matched.params.begin());
    return matched;
}

Router::Match Router::match(Method method, std::string_view path) const {
    if (const auto literal = literal_.find(path); literal != literal_.end()) {
        return choose(literal->second, method, {});
    }
    for (const auto& candidate : patterns_) {
        std::array<PathParam, max_params> params{};
        std::size_t count = 0;
        std::string_view rest = path;
        bool same = true;
        for (std::size_t i = 0; same && i < candidate.segments.size(); ++i) {
            if (rest.empty()) {
                same = false;
                break;
            }
            const auto segment = next_segment(rest);
            if (candidate.is_param[i]) {
                same = !segment.empty();
                params[count++] = {.name = candidate.segments[i], .value = segment};
            } else {
                same = segment == candidate.segments[i];
            }
        }
        if (same && rest.empty()) return choose(candidate, method, std::span(params).first(count));
    }
    return NotFound{};
}

}  // namespace orderflow::net
