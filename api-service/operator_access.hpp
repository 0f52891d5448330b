// OperatorAccess: who may make the calls of an operator.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "libs/contract/fingerprint.hpp"
#include "libs/net/request.hpp"

namespace orderflow::api {

bool is_loopback(std::string_view peer) noexcept;

// With a token its bearer, and nobody else. Without one the programs of this machine: a loopback peer whose Host (and
// Origin, if any) names this machine, and which is no proxy that speaks for others. Any thread.
class OperatorAccess {
  public:
    OperatorAccess(std::optional<std::string> token, contract::Sha256 sha256);

    bool allows(const net::Request& request) const;

  private:
    std::optional<std::array<std::byte, 32>> token_digest_;
    contract::Sha256 sha256_;
};

}  // namespace orderflow::api
