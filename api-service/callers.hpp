// Callers: who sends a request, as far as API keys tell.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "api-service/api_key.hpp"
#include "libs/base/result.hpp"
#include "libs/net/request.hpp"

namespace orderflow::api {

// The token of "Authorization: Bearer ..."; nothing without the field, with another scheme, or when it stands twice.
std::optional<std::string_view> bearer_of(const net::Request& request);

struct Caller {
    std::shared_ptr<const ApiKey> key;  // none: anonymous

    // Anonymous callers order from the shop's own tenant.
    std::string_view tenant() const noexcept;
    // Whether an order of that tenant is there for this caller. An anonymous one has its id, which nobody can guess.
    bool sees(std::string_view tenant_of_order) const noexcept { return !key || key->tenant == tenant_of_order; }
};

// Any thread. What is passed in outlives it.
class Callers {
  public:
    // An empty source: there are no keys.
    Callers(ApiKeySource keys, contract::Sha256 sha256, const Clock& clock)
        : keys_(std::move(keys)), sha256_(std::move(sha256)), clock_(clock) {}

    // Whether it carries something that has the form of an API key. Other credentials are no business of this class: a
    // proxy in front may want them, operators have theirs.
    static bool shows_key(const net::Request& request);

    // Anonymous without a key. unauthorized "unauthorized" for a key that is not known, over or revoked: never taken
    // for anonymous, as its order would land in another tenant.
    Result<Caller> caller_of(const net::Request& request) const;

  private:
    ApiKeySource keys_;
    contract::Sha256 sha256_;
    const Clock& clock_;
};

}  // namespace orderflow::api
