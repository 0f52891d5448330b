#include "libs/net/request_target.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "libs/net/ascii.hpp"

namespace orderflow::net {

namespace {

// `extra` are the characters allowed besides pchar.
bool is_encoded(std::string_view text, std::string_view extra) noexcept {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (is_path_char(text[i]) || extra.contains(text[i])) continue;
        if (text[i] != '%' || i + 2 >= text.size()) return false;
        if (hex_value(text[i + 1]) < 0 || hex_value(text[i + 2]) < 0) return false;
        i += 2;
    }
    return true;
}

bool is_port(std::string_view text) noexcept {
    unsigned port = 0;
    for (const char c : text) {
        if (!is_digit(c)) return false;
        port = port * 10 + static_cast<unsigned>(c - '0');
        if (port > 65535) return false;
    }
    return true;  // an empty port is in the grammar
}

bool is_ipv6(std::string_view text) noexcept {
    std::array<char, INET6_ADDRSTRLEN> terminated{};
    if (text.size() >= terminated.size()) return false;
    std::ranges::copy(text, terminated.begin());
    in6_addr address{};
    return inet_pton(AF_INET6, terminated.data(), &address) == 1;
}

// The rest of a target from its path on.
std::optional<RequestTarget> with_path(TargetForm form, std::string_view authority, std::string_view rest) noexcept {
    const auto mark = rest.find('?');
    const auto path = rest.substr(0, mark);
    const auto query = mark == std::string_view::npos ? std::string_view{} : rest.substr(mark + 1);
    if (!is_encoded(path, "/") || !is_encoded(query, "/?")) return std::nullopt;
    return RequestTarget{.form = form, .authority = authority, .path = path.empty() ? "/" : path, .query = query};
}

std::optional<std::string_view> without_scheme(std::string_view target) noexcept {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (iequals(target.substr(0, scheme.size()), scheme)) return target.substr(scheme.size());
    }
    return std::nullopt;
}

}  // namespace

bool is_host(std::string_view text) noexcept {
    std::string_view port;
    if (text.starts_with('[')) {
        const auto close = text.find(']');
        if (close == std::string_view::npos || !is_ipv6(text.substr(1, close - 1))) return false;
        port = text.substr(close + 1);
        return port.empty() || (port.front() == ':' && is_port(port.substr(1)));
    }
    const auto colon = text.find(':');
    if (colon != std::string_view::npos) port = text.substr(colon + 1);
    const auto name = text.substr(0, colon);
    return !name.empty() && std::ranges::all_of(name, is_unreserved) && is_port(port);
}

std::optional<RequestTarget> parse_target(Method method, std::string_view target) noexcept {
    if (method == Method::connect) {
        if (!is_host(target) || !target.contains(':') || target.ends_with(':')) return std::nullopt;
        return RequestTarget{.form = TargetForm::authority, .authority = target, .path = {}, .query = {}};
    }
    if (target.starts_with('/')) return with_path(TargetForm::origin, {}, target);
    if (target == "*" && method == Method::options) {
        return RequestTarget{.form = TargetForm::asterisk, .authority = {}, .path = target, .query = {}};
    }
    const auto rest = without_scheme(target);
    if (!rest) return std::nullopt;
    const auto end = std::min(rest->find_first_of("/?"), rest->size());
    const auto authority = rest->substr(0, end);
    if (!is_host(authority)) return std::nullopt;
    return with_path(TargetForm::absolute, authority, rest->substr(end));
}

}  // namespace orderflow::net
