// Endpoints: what happens around every handler: the quota of the caller before it, the header fields of its kind after.
#pragma once

#include <functional>
#include <string_view>

#include "api-service/api_config.hpp"
#include "api-service/api_metrics.hpp"
#include "api-service/rate_limiter.hpp"
#include "api-service/site/site_headers.hpp"
#include "libs/base/clock.hpp"
#include "libs/net/router.hpp"

namespace orderflow::api {

// Which limit a call counts against.
enum class Quota : std::uint8_t { none, orders, reads };

// Any thread. Everything passed in outlives it, and it outlives the router that holds its handlers.
class Endpoints {
  public:
    // `instances`: that share the quotas; empty: this one alone.
    Endpoints(const RateLimits& rates, const SiteHeaders& headers, const Clock& clock, ApiMetrics& metrics,
              std::function<std::int64_t()> instances = {});

    net::Handler guarded(AnswerKind kind, Quota quota, net::Handler handler);

  private:
    task<net::Response> answer(AnswerKind kind, Quota quota, const net::Handler& handler, const net::Request& request);
    // The limiter that a call of this peer counts against; null when none does.
    RateLimiter* limiter_for(Quota quota, std::string_view peer);

    const SiteHeaders& headers_;
    const Clock& clock_;
    ApiMetrics& metrics_;
    std::function<std::int64_t()> instances_;
    RateLimiter orders_;
    RateLimiter reads_;
    RateLimiter loopback_;
};

}  // namespace orderflow::api
