#include "api-service/endpoint.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "api-service/problem_response.hpp"

namespace orderflow::api {
namespace {

// Wrong tokens and keys of one client: enough for a person who mistypes, and for a program with an old key to be seen.
RatePolicy failure_policy() {
    constexpr std::int64_t per_minute = 10;
    return {.name = "failures", .quota = per_minute, .window = 60s, .burst = per_minute};
}

// Faults that pages report, of one client: many buyers behind one address have them at the same time.
RatePolicy report_policy() {
    constexpr std::int64_t per_minute = 60;
    return {.name = "reports", .quota = per_minute, .window = 60s, .burst = per_minute};
}

net::Response rate_limited(const RatePolicy& policy, const RateVerdict& verdict) {
    const auto wait = whole_seconds(verdict.next_after);
    return problem(429, "rate-limited",
                   fmt::format("Too many requests. Try again in {} second{}.", wait, wait == 1 ? "" : "s"))
        .field("Retry-After", std::to_string(wait))
        .field("RateLimit-Policy", policy_field(policy))
        .field("RateLimit", state_field(policy, verdict));
}

net::Response unknown_key(const Error& error) {
    return problem(401, error.code(), error.detail()).field("WWW-Authenticate", "Bearer error=\"invalid_token\"");
}

net::Response missing_scope(Scope scope) {
    return problem(403, "forbidden", fmt::format("This API key has not the scope {}.", to_string(scope)))
        .field("WWW-Authenticate", fmt::format("Bearer error=\"insufficient_scope\", scope=\"{}\"", to_string(scope)));
}

// A tenant, or a key with a rate of its own: a number that is no address but by a chance of 2^-32.
std::uint64_t bucket_of(std::string_view kind, std::string_view name) {
    std::uint64_t hash = 0xCBF2'9CE4'8422'2325U;  // FNV-1a: the names are the operator's, nobody chooses collisions
    for (const auto text : {kind, name}) {
        for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100'0000'01B3U;
    }
    return hash;
}

// An HTML answer is a page, also where the route mostly answers programs: POST /order shows the form again.
AnswerKind kind_of(const net::Response& response, AnswerKind kind) {
    const bool page = std::ranges::any_of(response.fields, [](const auto& field) {
        return field.first == "Content-Type" && field.second.starts_with("text/html");
    });
    return page ? AnswerKind::page : kind;
}

}  // namespace

Endpoints::Endpoints(Parts parts, const RateLimits& rates)
    : parts_(std::move(parts)),
      rates_(rates),
      addresses_(rates.trusted_proxies, rates.proxy_hops),
      orders_(parts_.entropy),
      reads_(parts_.entropy),
      reports_(parts_.entropy),
      failures_(parts_.entropy) {}

net::Handler Endpoints::guarded(Guard guard, net::Handler handler) {
    return [this, guard, held = std::move(handler)](const net::Request& request) {
        return answer(guard, held, request);  // the router holds this closure for as long as it answers
    };
}

task<net::Response> Endpoints::answer(const Guard& guard, const net::Handler& handler, const net::Request& request) {
    auto response = guard.quota == Quota::none ? co_await handler(request) : co_await admitted(guard, handler, request);
    parts_.headers.add_to(response, kind_of(response, guard.kind));
    co_return response;
}

// In the order of the contract: authentication, rate, then what the handler checks.
task<net::Response> Endpoints::admitted(const Guard& guard, const net::Handler& handler, const net::Request& request) {
    const auto client = addresses_.of(request);
    const bool shows_secret = guard.takes_secret || request.field("Authorization").has_value();
    if (shows_secret) {
        const auto failures = failures_of(client);
        if (const auto verdict = look(failures); !verdict.allowed) co_return rate_limited(failures.policy, verdict);
    }
    const auto caller = guard.scope ? parts_.callers.caller_of(request) : Caller();
    if (!caller) {
        take(failures_of(client));
        co_return unknown_key(caller.error());
    }
    if (guard.scope && caller->key && !caller->key->may(*guard.scope)) co_return missing_scope(*guard.scope);

    const auto account = account_of(guard, client, *caller);
    const auto verdict = take(account);
    if (!verdict.allowed) {
        if (guard.quota == Quota::orders) parts_.metrics.order_refused("rate-limited");
        co_return rate_limited(account.policy, verdict);
    }
    auto response = co_await handler(request);
    if (shows_secret && response.status == 401) take(failures_of(client));
    // Programs of this machine have a limit that only a fault reaches: nothing to plan by.
    if (!client.loopback || caller->key) {
        response.field("RateLimit-Policy", policy_field(account.policy));
        response.field("RateLimit", state_field(account.policy, verdict));
    }
    co_return response;
}

Endpoints::Account Endpoints::failures_of(const ClientAddress& client) {
    return {failures_, client.bucket,
            client.loopback ? RatePolicy::per_second("failures", rates_.loopback) : failure_policy()};
}

Endpoints::Account Endpoints::account_of(const Guard& guard, const ClientAddress& client, const Caller& caller) {
    const bool orders = guard.quota == Quota::orders;
    auto& table = orders ? orders_ : guard.quota == Quota::reports ? reports_ : reads_;
    if (caller.key && caller.key->rate) {
        return {table, bucket_of("key ", caller.key->id), RatePolicy::per_second("key", *caller.key->rate), guard.cost};
    }
    if (caller.key) {
        return {table, bucket_of("tenant ", caller.key->tenant), RatePolicy::per_second("tenant", rates_.tenant),
                guard.cost};
    }
    if (client.loopback) {
        return {table, client.bucket, RatePolicy::per_second("loopback", rates_.loopback), guard.cost};
    }
    if (guard.quota == Quota::reports) return {table, client.bucket, report_policy()};
    auto policy =
        orders ? RatePolicy::per_second("orders", rates_.orders) : RatePolicy::per_second("reads", rates_.reads);
    return {table, client.bucket, std::move(policy), guard.cost};
}

RateVerdict Endpoints::take(const Account& account) {
    return account.table.ask(account.bucket, account.policy, account.cost, instances(), parts_.clock.now());
}

RateVerdict Endpoints::look(const Account& account) const {
    return account.table.look(account.bucket, account.policy, account.cost, instances(), parts_.clock.now());
}

}  // namespace orderflow::api
