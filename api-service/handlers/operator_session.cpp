#include "api-service/handlers/operator_session.hpp"

#include "api-service/json_body.hpp"
#include "api-service/problem_response.hpp"
#include "libs/contract/object_reader.hpp"
#include "libs/contract/order_request.hpp"
#include "libs/contract/timestamp.hpp"
#include "libs/json/pointer.hpp"
#include "libs/json/writer.hpp"

namespace orderflow::api {
namespace {

constexpr std::size_t token_max = 512;

std::expected<std::string, contract::FieldErrors> read_token(const json::Value& body) {
    contract::FieldErrors errors;
    for (auto& pointer : json::duplicate_members(body)) {
        errors.add(std::move(pointer), contract::Rule::duplicate_key, "The member stands here twice.");
    }
    contract::ObjectReader reader(body, json::whole_document, errors);
    auto token = reader.exact("token", contract::Presence::required);
    if (token && token->size() > token_max) {
        reader.report("token", contract::Rule::too_long, "May have 512 characters.");
    }
    reader.finish();
    if (!token || !errors.empty()) return std::unexpected(std::move(errors));
    return *std::move(token);
}

std::string encode(OperatorRole role, const std::optional<OperatorSession>& session) {
    json::Writer out;
    out.begin_object().key("role").string(to_string(role));
    if (session) {
        out.key("expires_at").string(contract::to_timestamp(session->expires_at));
        out.key("csrf_token").string(session->csrf_token);
    }
    out.end_object();
    return std::move(out).take();
}

net::Response unauthorized(const char* detail) {
    return problem(401, "unauthorized", detail).field("WWW-Authenticate", "Bearer");
}

}  // namespace

task<net::Response> OperatorSessionHandler::open(const net::Request& request) {
    if (!is_of_same_site(request)) co_return cross_site_problem();
    const bool secure = is_from_secure_page(request);
    if (!secure && !comes_from_this_machine(request)) {
        co_return problem(403, "https-required", "A session needs a page that was loaded over https.");
    }
    auto body = read_json_body(request, contract::request_bytes_max);
    if (!body) co_return std::move(body).error();
    const auto token = read_token(*body);
    if (!token) co_return validation_problem(token.error());
    const auto role = operators_.role_of_token(*token);
    if (!role) {
        log_.warn("operator.session_refused", {{"request_id", std::string(request.request_id)}});
        co_return unauthorized("This is not the token of an operator.");
    }
    const auto now = clock_.wall();
    const auto text = operators_.sessions().open(*role, now, entropy_);
    log_.info("operator.session_opened",
              {{"request_id", std::string(request.request_id)}, {"role", std::string(to_string(*role))}});
    co_return net::Response::json(201, encode(*role, operators_.sessions().find(text, now)))
        .field("Set-Cookie", session_cookie(text, secure));
}

task<net::Response> OperatorSessionHandler::show(const net::Request& request) {
    const auto who = operators_.who(request);
    if (!who) co_return unauthorized("This address is for operators.");
    co_return net::Response::json(200, encode(who->role, who->session));
}

task<net::Response> OperatorSessionHandler::end(const net::Request& request) {
    const auto who = operators_.who(request);
    if (who && !operators_.may_change(request, *who)) co_return cross_site_problem();
    net::Response response;
    response.status = 204;
    for (const bool secure : {true, false}) {
        const auto name = secure ? secure_session_cookie : local_session_cookie;
        if (cookie_of(request, name)) response.field("Set-Cookie", session_cookie({}, secure));
    }
    co_return response;
}

}  // namespace orderflow::api
