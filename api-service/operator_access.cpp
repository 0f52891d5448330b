#include "api-service/operator_access.hpp"

#include "api-service/api_key.hpp"
#include "api-service/callers.hpp"
#include "api-service/problem_response.hpp"
#include "libs/net/local_caller.hpp"

namespace orderflow::api {
namespace {

bool has_foreign_origin(const net::Request& request) {
    const auto origin = request.field("Origin");
    if (!origin) return false;
    const auto scheme_end = origin->find("://");
    return scheme_end == std::string_view::npos || !net::names_this_machine(origin->substr(scheme_end + 3));
}

}  // namespace

bool comes_from_this_machine(const net::Request& request) {
    return net::is_loopback(request.peer) && net::speaks_for_itself(request) && !has_foreign_origin(request);
}

net::Response cross_site_problem() {
    return problem(403, "cross-site", "With a session, changes come from a page of this site with its CSRF token.");
}

OperatorAccess::OperatorAccess(const Parts& parts)
    : sha256_(parts.sha256), sessions_(parts.token, parts.read_token, parts.mac), clock_(parts.clock) {
    if (parts.token) token_digest_ = sha256_(*parts.token);
    if (parts.read_token) read_token_digest_ = sha256_(*parts.read_token);
}

// Digests are compared: how long that takes says nothing about the token.
std::optional<OperatorRole> OperatorAccess::role_of_token(std::string_view token) const {
    const auto given = sha256_(token);
    if (token_digest_ && same_digest(given, *token_digest_)) return OperatorRole::full;
    if (read_token_digest_ && same_digest(given, *read_token_digest_)) return OperatorRole::reader;
    return std::nullopt;
}

std::optional<Operator> OperatorAccess::who(const net::Request& request) const {
    if (const auto token = bearer_of(request)) {
        if (const auto role = role_of_token(*token)) return Operator{*role, std::nullopt};
    }
    const bool local = comes_from_this_machine(request);
    auto cookie = cookie_of(request, secure_session_cookie);
    if (!cookie && local) cookie = cookie_of(request, local_session_cookie);
    if (cookie) {
        if (auto session = sessions_.find(*cookie, clock_.wall())) return Operator{session->role, std::move(session)};
    }
    if (!token_digest_ && local) return Operator{OperatorRole::full, std::nullopt};
    return std::nullopt;
}

bool OperatorAccess::may_change(const net::Request& request, const Operator& who) const {
    if (!who.session || request.method == net::Method::get || request.method == net::Method::head) return true;
    const auto given = request.field("X-CSRF-Token");
    return given && request.field_count("X-CSRF-Token") == 1 && is_of_same_site(request) &&
           same_digest(sha256_(*given), sha256_(who.session->csrf_token));
}

std::optional<net::Response> OperatorAccess::refusal(const net::Request& request, OperatorRole needed) const {
    const auto found = who(request);
    if (!found) {
        return problem(401, "unauthorized", "This address is for operators.").field("WWW-Authenticate", "Bearer");
    }
    if (needed == OperatorRole::full && found->role != OperatorRole::full) {
        return problem(403, "forbidden", "This operator may only look.");
    }
    if (!may_change(request, *found)) return cross_site_problem();
    return std::nullopt;
}

}  // namespace orderflow::api
