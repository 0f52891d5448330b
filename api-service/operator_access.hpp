// OperatorAccess: who may make the calls of an operator, and which.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "libs/contract/fingerprint.hpp"
#include "libs/net/request.hpp"
#include "libs/net/response.hpp"

namespace orderflow::api {

bool is_loopback(std::string_view peer) noexcept;

enum class OperatorRole : std::uint8_t {
    reader,  // may look
    full,    // may look and command
};

// With a token its bearer. Without one the programs of this machine: a loopback peer whose Host (and Origin, if any)
// names this machine, and which is no proxy that speaks for others. The bearer of the read token may only look. Nobody
// else. Any thread.
class OperatorAccess {
  public:
    OperatorAccess(const std::optional<std::string>& token, const std::optional<std::string>& read_token,
                   contract::Sha256 sha256);

    // Nothing: not an operator.
    std::optional<OperatorRole> role_of(const net::Request& request) const;

    // The answer to somebody who may not do what the role may: 401 or 403. Nothing: go on.
    std::optional<net::Response> refusal(const net::Request& request, OperatorRole needed) const;

  private:
    using Digest = std::array<std::byte, 32>;
    std::optional<Digest> token_digest_;
    std::optional<Digest> read_token_digest_;
    contract::Sha256 sha256_;
};

}  // namespace orderflow::api
