// Endpoints: what happens around every handler: who calls and the quota of the caller before it, the header fields of
// its kind after.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "api-service/api_config.hpp"
#include "api-service/api_metrics.hpp"
#include "api-service/callers.hpp"
#include "api-service/client_address.hpp"
#include "api-service/rate_limiter.hpp"
#include "api-service/site/site_headers.hpp"
#include "libs/base/clock.hpp"
#include "libs/base/entropy.hpp"
#include "libs/net/router.hpp"

namespace orderflow::api {

// Which limit a call counts against.
enum class Quota : std::uint8_t { none, orders, reads, reports };

// What is asked of a call before its handler.
struct Guard {
    AnswerKind kind = AnswerKind::api;
    Quota quota = Quota::none;
    std::optional<Scope> scope = {};  // an API key is heeded, and needs this; without it keys are not looked at
    std::int64_t cost = 1;            // of the quota
    bool takes_secret = false;        // the body carries a secret to guess
};

// Any thread. Everything passed in outlives it, and it outlives the router that holds its handlers.
class Endpoints {
  public:
    struct Parts {
        const Callers& callers;
        const SiteHeaders& headers;
        const Clock& clock;
        Entropy& entropy;
        ApiMetrics& metrics;
        std::function<std::int64_t()> instances;  // that share the quotas; empty: this one alone
    };
    Endpoints(Parts parts, const RateLimits& rates);

    net::Handler guarded(Guard guard, net::Handler handler);

  private:
    // Whose bucket a call is counted in, by which rule, for how many tokens.
    struct Account {
        RateLimiter& table;
        std::uint64_t bucket;
        RatePolicy policy;
        std::int64_t cost = 1;
    };

    task<net::Response> answer(const Guard& guard, const net::Handler& handler, const net::Request& request);
    task<net::Response> admitted(const Guard& guard, const net::Handler& handler, const net::Request& request);
    // One who guesses secrets is told to wait, whatever he says next.
    Account failures_of(const ClientAddress& client);
    Account account_of(const Guard& guard, const ClientAddress& client, const Caller& caller);
    RateVerdict take(const Account& account);
    RateVerdict look(const Account& account) const;
    std::int64_t instances() const { return parts_.instances ? parts_.instances() : 1; }

    Parts parts_;
    RateLimits rates_;
    ClientAddresses addresses_;
    RateLimiter orders_;
    RateLimiter reads_;
    RateLimiter reports_;
    RateLimiter failures_;
};

}  // namespace orderflow::api
