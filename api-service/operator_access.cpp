#include "api-service/operator_access.hpp"

#include "api-service/problem_response.hpp"
#include "libs/net/ascii.hpp"

namespace orderflow::api {
namespace {

constexpr std::string_view scheme = "Bearer ";

// "localhost", "127.0.0.1:8080", "[::1]:8080": the host of a Host or Origin, with or without a port.
bool names_this_machine(std::string_view authority) {
    if (authority.starts_with('[')) return authority.substr(0, authority.find(']') + 1) == "[::1]";
    const auto host = authority.substr(0, authority.find(':'));
    if (net::iequals(host, "localhost")) return true;
    // A name may begin with "127." too; an address has digits and dots only.
    return is_loopback(host) && host.find_first_not_of("0123456789.") == std::string_view::npos;
}

// A connection from this machine is not yet somebody at this machine: a page of elsewhere can be led here by its own
// name (DNS rebinding), and a proxy speaks for everybody.
bool speaks_for_itself(const net::Request& request) {
    for (const auto* proxied : {"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via"}) {
        if (request.field(proxied)) return false;
    }
    if (const auto host = request.field("Host"); host && !names_this_machine(*host)) return false;
    const auto origin = request.field("Origin");
    if (!origin) return true;
    const auto scheme_end = origin->find("://");
    return scheme_end != std::string_view::npos && names_this_machine(origin->substr(scheme_end + 3));
}

std::optional<std::string_view> bearer_of(const net::Request& request) {
    const auto field = request.field("Authorization");
    if (!field || request.field_count("Authorization") != 1 || field->size() <= scheme.size()) return std::nullopt;
    if (!net::iequals(field->substr(0, scheme.size()), scheme)) return std::nullopt;
    return net::trim_ows(field->substr(scheme.size()));
}

// Digests are compared: how long that takes says nothing about the token.
bool same(const std::array<std::byte, 32>& a, const std::array<std::byte, 32>& b) {
    std::byte difference{0};
    for (std::size_t i = 0; i < a.size(); ++i) difference |= a[i] ^ b[i];
    return difference == std::byte{0};
}

}  // namespace

bool is_loopback(std::string_view peer) noexcept {
    return peer.starts_with("127.") || peer == "::1" || peer.starts_with("::ffff:127.");
}

OperatorAccess::OperatorAccess(const std::optional<std::string>& token, const std::optional<std::string>& read_token,
                               contract::Sha256 sha256)
    : sha256_(std::move(sha256)) {
    if (token) token_digest_ = sha256_(*token);
    if (read_token) read_token_digest_ = sha256_(*read_token);
}

std::optional<OperatorRole> OperatorAccess::role_of(const net::Request& request) const {
    if (const auto token = bearer_of(request)) {
        const auto given = sha256_(*token);
        if (token_digest_ && same(given, *token_digest_)) return OperatorRole::full;
        if (read_token_digest_ && same(given, *read_token_digest_)) return OperatorRole::reader;
    }
    if (!token_digest_ && is_loopback(request.peer) && speaks_for_itself(request)) return OperatorRole::full;
    return std::nullopt;
}

std::optional<net::Response> OperatorAccess::refusal(const net::Request& request, OperatorRole needed) const {
    const auto role = role_of(request);
    if (!role) {
        return problem(401, "unauthorized", "This address is for operators.").field("WWW-Authenticate", "Bearer");
    }
    if (needed == OperatorRole::full && *role != OperatorRole::full) {
        return problem(403, "forbidden", "This token may only look.");
    }
    return std::nullopt;
}

}  // namespace orderflow::api
