#include "api-service/endpoint.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "api-service/operator_access.hpp"
#include "api-service/problem_response.hpp"

namespace orderflow::api {
namespace {

net::Response rate_limited(const RateLimiter& limiter, const RateVerdict& verdict) {
    const auto wait = whole_seconds(verdict.next_after);
    return problem(429, "rate-limited",
                   fmt::format("Too many requests. Try again in {} second{}.", wait, wait == 1 ? "" : "s"))
        .field("Retry-After", std::to_string(wait))
        .field("RateLimit-Policy", limiter.policy_field())
        .field("RateLimit", limiter.state_field(verdict));
}

// An HTML answer is a page, also where the route mostly answers programs: POST /order shows the form again.
AnswerKind kind_of(const net::Response& response, AnswerKind kind) {
    const bool page = std::ranges::any_of(response.fields, [](const auto& field) {
        return field.first == "Content-Type" && field.second.starts_with("text/html");
    });
    return page ? AnswerKind::page : kind;
}

}  // namespace

Endpoints::Endpoints(const RateLimits& rates, const SiteHeaders& headers, const Clock& clock, ApiMetrics& metrics,
                     std::function<std::int64_t()> instances)
    : headers_(headers),
      clock_(clock),
      metrics_(metrics),
      instances_(std::move(instances)),
      orders_("orders", rates.orders),
      reads_("reads", rates.reads),
      loopback_("loopback", rates.loopback) {}

net::Handler Endpoints::guarded(AnswerKind kind, Quota quota, net::Handler handler) {
    return [this, kind, quota, held = std::move(handler)](const net::Request& request) {
        return answer(kind, quota, held, request);  // the router holds this closure for as long as it answers
    };
}

task<net::Response> Endpoints::answer(AnswerKind kind, Quota quota, const net::Handler& handler,
                                      const net::Request& request) {
    net::Response response;
    if (auto* limiter = limiter_for(quota, request.peer)) {
        const auto verdict = limiter->ask(request.peer, clock_.now(), instances_ ? instances_() : 1);
        if (!verdict.allowed) {
            if (quota == Quota::orders) metrics_.order_refused("rate-limited");
            response = rate_limited(*limiter, verdict);
            headers_.add_to(response, AnswerKind::api);
            co_return response;
        }
    }
    response = co_await handler(request);
    headers_.add_to(response, kind_of(response, kind));
    co_return response;
}

RateLimiter* Endpoints::limiter_for(Quota quota, std::string_view peer) {
    if (quota == Quota::none) return nullptr;
    if (is_loopback(peer)) return &loopback_;
    return quota == Quota::orders ? &orders_ : &reads_;
}

}  // namespace orderflow::api
