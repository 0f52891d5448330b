#include "api-service/handlers/order_form_handler.hpp"

#include "api-service/idempotency_key.hpp"
#include "api-service/problem_response.hpp"
#include "libs/contract/order_request.hpp"
#include "libs/contract/order_resource.hpp"
#include "libs/json/parse.hpp"
#include "libs/orders/application/intake/message_id.hpp"

namespace orderflow::api {
namespace {

constexpr const char* html = "text/html; charset=utf-8";
constexpr const char* key_field = "idempotency_key";
constexpr const char* reload_hint = " Reload this page to send the same form again: you will not order twice.";

// A character of the form becomes six at most, "\\u0001"; the rest is for the names around them.
constexpr std::size_t form_json_bytes_max = 8 * contract::request_bytes_max;

net::Response page(unsigned status, std::string content) {
    auto response = net::Response::of(status, html, std::move(content));
    response.field("Cache-Control", "no-store");
    if (status == 503) response.field("Retry-After", retry_after_s);
    return response;
}

}  // namespace

task<net::Response> OrderFormHandler::show(const net::Request& /*request*/) {
    OrderForm form;
    form.set(key_field, orders::new_message_id(entropy_));
    co_return co_await form_again(200, std::move(form), {});
}

task<net::Response> OrderFormHandler::submit(const net::Request& request) {
    if (request.body.size() > contract::request_bytes_max) {
        desk_.metrics().order_refused("body-too-large");
        co_return body_too_large_problem();
    }
    auto form = OrderForm::parse(request.body);
    if (!form) {
        desk_.metrics().order_refused(form.error().code());
        co_return problem(400, form.error().code(), form.error().detail());
    }
    auto key = parse_idempotency_key(form->value(key_field));
    if (!key) {
        desk_.metrics().order_refused(key.error().code());
        co_return problem(400, key.error().code(), key.error().detail());
    }
    const auto body = json::parse(form->to_request(), {.bytes = form_json_bytes_max});
    auto draft = contract::read_order_request(body.value());  // what a writer wrote is JSON
    if (!draft) {
        desk_.metrics().order_refused("validation-failed");
        auto mistakes = mistakes_of(draft.error(), *form);
        co_return co_await form_again(422, *std::move(form), std::move(mistakes));
    }
    const auto taken = co_await desk_.take(request, *std::move(draft), *std::move(key));
    if (!taken) {
        const auto seconds = desk_.retry_after(request, taken.error());
        co_return with_retry_after(co_await not_taken(taken.error(), *std::move(form)), seconds);
    }
    net::Response response;
    response.status = 303;
    co_return std::move(response).field("Location", contract::order_page(taken->id));
}

task<net::Response> OrderFormHandler::not_taken(Error error, OrderForm form) {
    std::string sentence = error.detail();
    if (error.code() == "idempotency-key-reused") {
        // The first order under this key stands; what is in the form now is another one and gets a key of its own.
        form.set(key_field, orders::new_message_id(entropy_));
        sentence =
            "This form was sent before with other content, and that order was taken. Press again to place this one.";
    } else if (error.kind() == ErrorKind::unavailable) {
        sentence += " Try again in a moment: you will not order twice.";
    }
    const auto status = status_of(error.kind());
    std::vector<FormMistake> mistakes;
    mistakes.push_back({"order", std::move(sentence)});
    co_return co_await form_again(status, std::move(form), std::move(mistakes));
}

task<net::Response> OrderFormHandler::form_again(unsigned status, OrderForm form, std::vector<FormMistake> mistakes) {
    const auto products = co_await reader_.products();
    if (!products && mistakes.empty()) {
        co_return page(503, plain_message_page({}, "Closed for a moment",
                                               "The price list cannot be read. Try again in a moment."));
    }
    if (!products) {
        // Without the list there is no form to show, but the browser still has it: a reload sends it again, key and
        // all.
        co_return page(503, plain_message_page({}, "Not sure yet", mistakes.front().sentence + reload_hint));
    }
    co_return page(status, form_page(*products, form, mistakes));
}

}  // namespace orderflow::api
