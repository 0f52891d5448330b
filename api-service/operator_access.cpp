#include "api-service/operator_access.hpp"

#include "libs/net/ascii.hpp"

namespace orderflow::api {
namespace {

constexpr std::string_view scheme = "Bearer ";

}  // namespace

bool is_loopback(std::string_view peer) noexcept {
    return peer.starts_with("127.") || peer == "::1" || peer.starts_with("::ffff:127.");
}

OperatorAccess::OperatorAccess(std::optional<std::string> token, contract::Sha256 sha256) : sha256_(std::move(sha256)) {
    if (token) token_digest_ = sha256_(*token);
}

bool OperatorAccess::allows(const net::Request& request) const {
    if (!token_digest_) return is_loopback(request.peer);
    const auto field = request.field("Authorization");
    if (!field || request.field_count("Authorization") != 1 || field->size() <= scheme.size()) return false;
    if (!net::iequals(field->substr(0, scheme.size()), scheme)) return false;
    // Digests are compared: how long that takes says nothing about the token.
    const auto given = sha256_(net::trim_ows(field->substr(scheme.size())));
    std::byte difference{0};
    for (std::size_t i = 0; i < given.size(); ++i) difference |= given[i] ^ (*token_digest_)[i];
    return difference == std::byte{0};
}

}  // namespace orderflow::api
