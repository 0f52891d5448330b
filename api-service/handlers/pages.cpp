#include "api-service/handlers/pages.hpp"

#include <algorithm>

#include "api-service/order_answers.hpp"
#include "api-service/problem_response.hpp"
#include "api-service/site/file_response.hpp"
#include "api-service/site/form_page.hpp"
#include "libs/net/percent.hpp"

namespace orderflow::api {
namespace {

net::Response page(unsigned status, std::string content) {
    auto response = net::Response::of(status, "text/html; charset=utf-8", std::move(content));
    response.field("Cache-Control", "no-store");
    if (status == 503) response.field("Retry-After", retry_after_s);
    return response;
}

// Kept by caches, and asked for again each time.
net::Response document(const net::Request& request, std::string_view path) {
    return file_response(request, embedded_file(path)).field("Cache-Control", "no-cache");
}

}  // namespace

task<net::Response> PagesHandler::shop(const net::Request& request) {
    co_return file_response(request, embedded_file("site/index.html"));
}

task<net::Response> PagesHandler::order(const net::Request& request) {
    if (net::query_param(request.query, "view") == "plain") co_return co_await plain_receipt(request);
    co_return file_response(request, embedded_file("site/order.html"));
}

task<net::Response> PagesHandler::console(const net::Request& request) {
    co_return file_response(request, embedded_file("site/ops.html"));
}

task<net::Response> PagesHandler::asset(const net::Request& request) {
    const auto path = "site/assets/" + std::string(request.param("file"));
    const auto found = std::ranges::find(embedded_files(), path, &EmbeddedFile::path);
    if (found == embedded_files().end()) {
        // Never with the life of an asset: the next release may have this name.
        co_return problem(404, "not-found", "There is nothing at this address.").field("Cache-Control", "no-store");
    }
    co_return file_response(request, *found);
}

task<net::Response> PagesHandler::openapi(const net::Request& request) {
    co_return document(request, "contracts/openapi.json");
}

task<net::Response> PagesHandler::asyncapi(const net::Request& request) {
    co_return document(request, "contracts/asyncapi.json");
}

task<net::Response> PagesHandler::plain_receipt(const net::Request& request) {
    const std::string text(request.param("id"));
    const auto id = issued_id(text, ids_);
    if (!id) co_return page(404, plain_message_page(text, "Not found", "There is no order with this number."));
    const auto found = co_await reader_.find(*id);
    if (!found) {
        co_return page(503, plain_message_page(text, "Closed for a moment",
                                               "Orders cannot be read at the moment. Placed orders are safe."));
    }
    if (found->tombstone) co_return page(410, plain_message_page(text, "Gone", "This order is no longer kept."));
    if (!found->order) co_return page(200, waiting_receipt_page(*id));
    const auto events = co_await reader_.events(*id, 0);
    co_return page(200, receipt_page(*found->order, events.value_or(std::vector<orders::OrderEvent>())));
}

}  // namespace orderflow::api
