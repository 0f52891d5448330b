#include "api-service/handlers/payment_callback.hpp"

#include <fmt/format.h>

#include <utility>

#include "api-service/media_type.hpp"
#include "api-service/problem_response.hpp"
#include "libs/base/safeguard.hpp"
#include "libs/contract/payment_callback.hpp"
#include "libs/json/parse.hpp"
#include "libs/orders/ports/queue_names.hpp"

namespace orderflow::api {
namespace {

constexpr std::size_t depth_max = 8;

// Empty when the field is missing or ambiguous.
std::string_view single(const net::Request& request, std::string_view name) {
    return request.field_count(name) == 1 ? request.field(name).value_or("") : std::string_view();
}

}  // namespace

task<net::Response> PaymentCallbackHandler::operator()(const net::Request& request) {
    if (!check_) co_return problem(404, "not-found", "This system has no payment provider that calls it.");
    const SignedRequest signed_request{.id = single(request, "webhook-id"),
                                       .timestamp = single(request, "webhook-timestamp"),
                                       .signature = single(request, "webhook-signature"),
                                       .body = request.body};
    if (!check_(signed_request, clock_.wall()) && safeguard(Safeguard::callback_check)) {
        co_return problem(401, "signature-invalid", "The signature is missing, not good, or too old.");
    }
    if (request.body.size() > contract::callback_bytes_max) {
        co_return problem(413, "body-too-large",
                          fmt::format("The body may have {} bytes.", contract::callback_bytes_max));
    }
    if (body_kind_of(request) != BodyKind::json) co_return unsupported_media_type_problem("application/json");
    const auto body = json::parse(request.body, {.bytes = contract::callback_bytes_max, .depth = depth_max});
    if (!body) co_return malformed_json_problem();
    auto news = contract::read_payment_callback(*body);
    if (!news) co_return validation_problem(news.error());
    auto& intake = intake_.of(request);
    const auto answer_by = intake.loop().clock.now() + accept_time_;
    auto trace = traces_.begin(request, orders::commands_queue);
    const auto order = news->id;
    const auto sent = co_await intake.report_payment()(*std::move(news), answer_by, trace.traceparent());
    trace.ended(sent, order);
    if (!sent) co_return problem(sent.error());
    co_return net::Response::json(202, R"({"status":"accepted"})");
}

}  // namespace orderflow::api
