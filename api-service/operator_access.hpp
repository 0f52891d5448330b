// OperatorAccess: who may make the calls of an operator, and which.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "api-service/operator_session.hpp"
#include "libs/contract/fingerprint.hpp"
#include "libs/net/request.hpp"
#include "libs/net/response.hpp"

namespace orderflow::api {

// A loopback peer whose Host (and Origin, if any) names this machine, and which is no proxy that speaks for others.
bool comes_from_this_machine(const net::Request& request);

// 403 "cross-site": a browser sends it, and not from a page of this site with its CSRF token.
net::Response cross_site_problem();

struct Operator {
    OperatorRole role;
    std::optional<OperatorSession> session;  // when it is the cookie that says so
};

// With a token its bearer, and whoever has a session of it. Without one the programs of this machine. The bearer of the
// read token may only look. Nobody else. Any thread.
class OperatorAccess {
  public:
    struct Parts {
        std::optional<std::string> token;
        std::optional<std::string> read_token;
        contract::Sha256 sha256;
        Mac mac;
        const Clock& clock;  // outlives it
    };
    explicit OperatorAccess(const Parts& parts);

    // The role of a token; nothing when it is none.
    std::optional<OperatorRole> role_of_token(std::string_view token) const;

    // Nothing: not an operator.
    std::optional<Operator> who(const net::Request& request) const;

    // A cookie travels by itself: with one, a request that changes something needs the CSRF token of the session in
    // X-CSRF-Token, and comes from this site.
    bool may_change(const net::Request& request, const Operator& who) const;

    // The answer to somebody who may not do what the role may: 401 or 403. Nothing: go on.
    std::optional<net::Response> refusal(const net::Request& request, OperatorRole needed) const;

    const OperatorSessions& sessions() const noexcept { return sessions_; }

  private:
    using Digest = std::array<std::byte, 32>;
    std::optional<Digest> token_digest_;
    std::optional<Digest> read_token_digest_;
    contract::Sha256 sha256_;
    OperatorSessions sessions_;
    const Clock& clock_;
};

}  // namespace orderflow::api
