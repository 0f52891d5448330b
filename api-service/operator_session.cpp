#include "api-service/operator_session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <ranges>

#include "libs/net/ascii.hpp"

namespace orderflow::api {
namespace {

constexpr std::string_view session_purpose = "orderflow.operator-session.v1\n";
constexpr std::string_view csrf_purpose = "orderflow.operator-csrf.v1\n";
constexpr std::string_view https = "https://";

std::optional<OperatorRole> role_named(std::string_view name) {
    for (const auto role : {OperatorRole::reader, OperatorRole::full}) {
        if (to_string(role) == name) return role;
    }
    return std::nullopt;
}

// In a time that depends on the lengths alone.
bool same_text(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    unsigned difference = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
    }
    return difference == 0;
}

// "operator.1764180000.9f2c4e0b7d6a41f3", in its parts.
struct Head {
    OperatorRole role;
    WallTime expires_at;
};
std::optional<Head> parse_head(std::string_view head) {
    const auto first = head.find('.');
    const auto second = first == std::string_view::npos ? first : head.find('.', first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    const auto role = role_named(head.substr(0, first));
    const auto digits = head.substr(first + 1, second - first - 1);
    std::int64_t ms = 0;
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), ms);
    if (!role || failed != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    return Head{*role, from_unix_ms(ms)};
}

}  // namespace

std::string_view to_string(OperatorRole role) noexcept {
    switch (role) {
        case OperatorRole::reader: return "reader";
        case OperatorRole::full: return "operator";
    }
    return "";
}

std::string OperatorSessions::open(OperatorRole role, WallTime now, Entropy& entropy) const {
    const auto head = fmt::format("{}.{}.{:016x}{:016x}", to_string(role), to_unix_ms(now + life), entropy.next_u64(),
                                  entropy.next_u64());
    return head + "." + sign(role, session_purpose, head);
}

std::optional<OperatorSession> OperatorSessions::find(std::string_view text, WallTime now) const {
    constexpr std::size_t text_max = 200;
    const auto dot = text.rfind('.');
    if (text.size() > text_max || dot == std::string_view::npos) return std::nullopt;
    const auto signed_part = text.substr(0, dot);
    const auto head = parse_head(signed_part);
    if (!head || !token_of(head->role)) return std::nullopt;
    if (!same_text(text.substr(dot + 1), sign(head->role, session_purpose, signed_part))) return std::nullopt;
    if (now >= head->expires_at) return std::nullopt;
    return OperatorSession{head->role, head->expires_at, sign(head->role, csrf_purpose, signed_part)};
}

std::string OperatorSessions::sign(OperatorRole role, std::string_view purpose, std::string_view head) const {
    std::string text(purpose);
    text += head;
    std::string digits;
    for (const auto byte : mac_(*token_of(role), text))
        digits += fmt::format("{:02x}", std::to_integer<unsigned>(byte));
    return digits;
}

std::optional<std::string_view> cookie_of(const net::Request& request, std::string_view name) {
    for (const auto& field : request.fields) {
        if (!net::iequals(field.name, "Cookie")) continue;
        for (const auto part : std::views::split(field.value, ';')) {
            const auto pair = net::trim_ows(std::string_view(part.begin(), part.end()));
            const auto equals = pair.find('=');
            if (equals != std::string_view::npos && pair.substr(0, equals) == name) return pair.substr(equals + 1);
        }
    }
    return std::nullopt;
}

std::string session_cookie(std::string_view text, bool secure) {
    const auto seconds = text.empty() ? 0 : std::chrono::seconds(OperatorSessions::life).count();
    return fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Strict{}",
                       secure ? secure_session_cookie : local_session_cookie, text, seconds, secure ? "; Secure" : "");
}

bool is_of_same_site(const net::Request& request) {
    const auto site = request.field("Sec-Fetch-Site");
    if (site && *site != "same-origin" && *site != "none") return false;
    const auto origin = request.field("Origin");
    if (!origin) return true;
    const auto host = request.field("Host");
    const auto scheme_end = origin->find("://");
    return host && scheme_end != std::string_view::npos && net::iequals(origin->substr(scheme_end + 3), *host);
}

bool is_from_secure_page(const net::Request& request) {
    const auto origin = request.field("Origin");
    return origin && origin->starts_with(https) && is_of_same_site(request);
}

}  // namespace orderflow::api
