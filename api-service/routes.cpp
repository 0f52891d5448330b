#include "api-service/routes.hpp"

#include <array>

#include "api-service/media_type.hpp"
#include "api-service/traced_route.hpp"
#include "libs/contract/order_request.hpp"
#include "libs/contract/product_file.hpp"

namespace orderflow::api {
namespace {

using net::Method;
using orders::LetterAction;

struct Row {
    Method method;
    const char* pattern;
    const char* name;
    AnswerKind kind;
    Quota quota;
    bool always_admitted = false;     // health and metrics answer under any load
    bool large_bodies = false;        // up to PlaceOrderHandler::judged_bytes_max
    std::size_t body_bytes = 0;       // when it is another limit
    std::optional<Scope> scope = {};  // API keys are heeded, and need this
    std::int64_t cost = 1;            // of the quota
    bool takes_secret = false;        // guesses are counted
};

// Reads that keep a connection or go through many rows.
constexpr std::int64_t dear = 5;

constexpr auto rows = std::to_array<Row>({
    {Method::post, "/v1/orders", "placeOrder", AnswerKind::api, Quota::orders, false, true, 0, Scope::orders_write},
    {Method::get, "/v1/orders", "listOrders", AnswerKind::api, Quota::reads, false, false, 0, std::nullopt, dear},
    {Method::get, "/v1/orders/{id}", "getOrder", AnswerKind::api, Quota::reads, false, false, 0, Scope::orders_read},
    {Method::get, "/v1/orders/{id}/events", "listOrderEvents", AnswerKind::api, Quota::reads, false, false, 0,
     Scope::orders_read},
    {Method::get, "/v1/orders/{id}/stream", "streamOrderEvents", AnswerKind::api, Quota::reads, false, false, 0,
     Scope::orders_read, dear},
    {Method::post, "/v1/orders/{id}/cancel", "cancelOrder", AnswerKind::api, Quota::orders, false, false, 0,
     Scope::orders_write},
    {Method::post, "/v1/payments/callbacks", "reportPayment", AnswerKind::api, Quota::reads},
    {Method::get, "/v1/products", "listProducts", AnswerKind::api, Quota::reads},
    {Method::post, "/v1/client-errors", "reportClientError", AnswerKind::api, Quota::reports, false, false,
     contract::client_error_bytes_max},
    {Method::get, "/v1/admin/dead-letters", "listDeadLetters", AnswerKind::api, Quota::reads},
    {Method::get, "/v1/admin/dead-letters/groups", "listDeadLetterGroups", AnswerKind::api, Quota::reads},
    {Method::get, "/v1/admin/dead-letters/{number}", "getDeadLetter", AnswerKind::api, Quota::reads},
    {Method::post, "/v1/admin/dead-letters/redrive", "redriveDeadLetters", AnswerKind::api, Quota::orders},
    {Method::post, "/v1/admin/dead-letters/discard", "discardDeadLetters", AnswerKind::api, Quota::orders},
    {Method::post, "/v1/admin/dead-letters/restore", "restoreDeadLetters", AnswerKind::api, Quota::orders},
    {Method::post, "/v1/admin/dead-letters/{number}/redrive", "redriveDeadLetter", AnswerKind::api, Quota::orders},
    {Method::post, "/v1/admin/dead-letters/{number}/discard", "discardDeadLetter", AnswerKind::api, Quota::orders},
    {Method::post, "/v1/admin/dead-letters/{number}/restore", "restoreDeadLetter", AnswerKind::api, Quota::orders},
    {Method::post, "/v1/admin/dead-letters/{number}/edit", "editDeadLetter", AnswerKind::api, Quota::orders, false,
     true},
    {Method::get, "/v1/admin/audit", "listAudit", AnswerKind::api, Quota::reads},
    {Method::get, "/v1/admin/audit/{id}", "getAuditRecord", AnswerKind::api, Quota::reads},
    {Method::post, "/v1/admin/audit/{id}/stop", "stopCommand", AnswerKind::api, Quota::orders},
    {Method::get, "/v1/admin/orders/{id}/timeline", "getOrderTimeline", AnswerKind::api, Quota::reads},
    {Method::post, "/v1/admin/orders/{id}/fulfilments", "fulfillOrder", AnswerKind::api, Quota::orders},
    {Method::get, "/v1/admin/stock", "listStock", AnswerKind::api, Quota::reads},
    {Method::post, "/v1/admin/stock/{sku}", "changeStock", AnswerKind::api, Quota::orders},
    {Method::post, "/v1/admin/products/import", "importProducts", AnswerKind::api, Quota::orders, false, false,
     contract::product_file_bytes_max},
    {Method::post, "/v1/admin/customers/erase", "eraseCustomer", AnswerKind::api, Quota::orders},
    {Method::get, "/v1/admin/overview", "getOverview", AnswerKind::api, Quota::reads},
    {Method::get, "/v1/admin/overview/stream", "streamOverview", AnswerKind::api, Quota::reads, false, false, 0,
     std::nullopt, dear},
    {Method::get, "/v1/admin/overview/history", "getOverviewHistory", AnswerKind::api, Quota::reads, false, false, 0,
     std::nullopt, dear},
    {Method::get, "/v1/admin/workers", "getWorkers", AnswerKind::api, Quota::reads},
    {Method::post, "/v1/admin/workers/pause", "pauseWorkers", AnswerKind::api, Quota::orders},
    {Method::post, "/v1/admin/workers/resume", "resumeWorkers", AnswerKind::api, Quota::orders},
    {Method::post, "/v1/admin/workers/concurrency", "limitWorkers", AnswerKind::api, Quota::orders},
    {Method::post, "/v1/admin/session", "openSession", AnswerKind::api, Quota::orders, false, false, 0, std::nullopt, 1,
     true},
    {Method::get, "/v1/admin/session", "getSession", AnswerKind::api, Quota::reads},
    {Method::del, "/v1/admin/session", "endSession", AnswerKind::api, Quota::orders},
    {Method::get, "/v1/admin/webhooks", "listWebhooks", AnswerKind::api, Quota::reads},
    {Method::post, "/v1/admin/webhooks", "createWebhook", AnswerKind::api, Quota::orders},
    {Method::get, "/v1/admin/webhooks/{id}", "getWebhook", AnswerKind::api, Quota::reads},
    {Method::patch, "/v1/admin/webhooks/{id}", "updateWebhook", AnswerKind::api, Quota::orders},
    {Method::del, "/v1/admin/webhooks/{id}", "removeWebhook", AnswerKind::api, Quota::orders},
    {Method::post, "/v1/admin/webhooks/{id}/secret", "rotateWebhookSecret", AnswerKind::api, Quota::orders},
    {Method::post, "/v1/admin/webhooks/{id}/test", "testWebhook", AnswerKind::api, Quota::orders},
    {Method::post, "/v1/admin/webhooks/{id}/replay", "replayWebhook", AnswerKind::api, Quota::orders},
    {Method::get, "/v1/admin/webhooks/{id}/deliveries", "listWebhookDeliveries", AnswerKind::api, Quota::reads},
    {Method::get, "/order", "showOrderForm", AnswerKind::page, Quota::reads},
    {Method::post, "/order", "placeOrderAtOrder", AnswerKind::api, Quota::orders, false, true, 0, Scope::orders_write},
    {Method::get, "/", "showShop", AnswerKind::page, Quota::none},
    {Method::get, "/orders/{id}", "showOrder", AnswerKind::page, Quota::none},
    {Method::get, "/ops", "showConsole", AnswerKind::page, Quota::none},
    {Method::get, "/assets/{file}", "getAsset", AnswerKind::asset, Quota::none},
    {Method::get, "/healthz", "isAlive", AnswerKind::api, Quota::none, true},
    {Method::get, "/readyz", "isReady", AnswerKind::api, Quota::none, true},
    {Method::get, "/metrics", "getMetrics", AnswerKind::api, Quota::none, true},
    {Method::get, "/openapi.json", "getOpenApi", AnswerKind::api, Quota::none},
    {Method::get, "/asyncapi.json", "getAsyncApi", AnswerKind::api, Quota::none},
});

// A handler of one object, as a function of the request alone.
template <class Object>
net::Handler bound(Object& object, task<net::Response> (Object::*method)(const net::Request&)) {
    return [&object, method](const net::Request& request) { return (object.*method)(request); };
}

net::Handler acting(DeadLettersHandler& letters, LetterAction action) {
    return [&letters, action](const net::Request& request) { return letters.act(request, action); };
}

net::Handler acting(WorkersHandler& workers, orders::DirectWorkers::Action action) {
    return [&workers, action](const net::Request& request) { return workers.act(request, action); };
}

net::Handler acting_on_one(DeadLettersHandler& letters, LetterAction action) {
    return [&letters, action](const net::Request& request) { return letters.act_on_one(request, action); };
}

// One address, two media types: the form of a browser, and JSON with everything else that is not JSON either.
net::Handler by_media_type(Handlers handlers) {
    return [handlers](const net::Request& request) {
        return body_kind_of(request) == BodyKind::form ? handlers.order_form.submit(request)
                                                       : handlers.place_order(request);
    };
}

// In the order of `rows`.
std::array<net::Handler, rows.size()> handlers_in_order(Handlers to) {
    return {bound(to.place_order, &PlaceOrderHandler::operator()),
            bound(to.read_orders, &ReadOrdersHandler::list),
            bound(to.read_orders, &ReadOrdersHandler::one),
            bound(to.read_orders, &ReadOrdersHandler::events),
            bound(to.stream_events, &StreamEventsHandler::operator()),
            bound(to.cancel_order, &CancelOrderHandler::operator()),
            bound(to.payment_callback, &PaymentCallbackHandler::operator()),
            bound(to.list_products, &ListProductsHandler::operator()),
            bound(to.client_errors, &ClientErrorsHandler::operator()),
            bound(to.dead_letters, &DeadLettersHandler::list),
            bound(to.dead_letters, &DeadLettersHandler::groups),
            bound(to.dead_letters, &DeadLettersHandler::one),
            acting(to.dead_letters, LetterAction::redrive),
            acting(to.dead_letters, LetterAction::discard),
            acting(to.dead_letters, LetterAction::restore),
            acting_on_one(to.dead_letters, LetterAction::redrive),
            acting_on_one(to.dead_letters, LetterAction::discard),
            acting_on_one(to.dead_letters, LetterAction::restore),
            bound(to.dead_letters, &DeadLettersHandler::edit),
            bound(to.audit, &AuditHandler::list),
            bound(to.audit, &AuditHandler::one),
            bound(to.audit, &AuditHandler::stop),
            bound(to.order_timeline, &OrderTimelineHandler::operator()),
            bound(to.fulfill_order, &FulfillOrderHandler::operator()),
            bound(to.stock, &StockHandler::list),
            bound(to.stock, &StockHandler::change),
            bound(to.import_products, &ImportProductsHandler::operator()),
            bound(to.erase_customer, &EraseCustomerHandler::operator()),
            bound(to.overview, &OverviewHandler::now),
            bound(to.overview, &OverviewHandler::stream),
            bound(to.overview, &OverviewHandler::history),
            bound(to.workers, &WorkersHandler::show),
            acting(to.workers, orders::DirectWorkers::Action::pause),
            acting(to.workers, orders::DirectWorkers::Action::resume),
            bound(to.workers, &WorkersHandler::limit),
            bound(to.operator_session, &OperatorSessionHandler::open),
            bound(to.operator_session, &OperatorSessionHandler::show),
            bound(to.operator_session, &OperatorSessionHandler::end),
            bound(to.webhooks, &WebhooksHandler::list),
            bound(to.webhooks, &WebhooksHandler::create),
            bound(to.webhooks, &WebhooksHandler::one),
            bound(to.webhooks, &WebhooksHandler::update),
            bound(to.webhooks, &WebhooksHandler::remove),
            bound(to.webhooks, &WebhooksHandler::rotate_secret),
            bound(to.webhooks, &WebhooksHandler::test),
            bound(to.webhooks, &WebhooksHandler::replay),
            bound(to.webhooks, &WebhooksHandler::deliveries),
            bound(to.order_form, &OrderFormHandler::show),
            by_media_type(to),
            bound(to.pages, &PagesHandler::shop),
            bound(to.pages, &PagesHandler::order),
            bound(to.pages, &PagesHandler::console),
            bound(to.pages, &PagesHandler::asset),
            bound(to.operations, &OperationsHandler::alive),
            bound(to.operations, &OperationsHandler::ready),
            bound(to.operations, &OperationsHandler::metrics),
            bound(to.pages, &PagesHandler::openapi),
            bound(to.pages, &PagesHandler::asyncapi)};
}

}  // namespace

std::vector<net::Route> make_routes(Handlers handlers, Endpoints& endpoints, observe::Tracer* tracer) {
    auto to = handlers_in_order(handlers);
    std::vector<net::Route> routes;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto& row = rows[i];
        net::Route route{.method = row.method,
                         .pattern = row.pattern,
                         // Probes come every second and tell nothing of an order.
                         .handler = traced(row.always_admitted ? nullptr : tracer, row.method, row.pattern,
                                           endpoints.guarded({.kind = row.kind,
                                                              .quota = row.quota,
                                                              .scope = row.scope,
                                                              .cost = row.cost,
                                                              .takes_secret = row.takes_secret},
                                                             std::move(to[i]))),
                         .name = row.name};
        route.options.body_bytes = row.large_bodies ? PlaceOrderHandler::judged_bytes_max : contract::request_bytes_max;
        if (row.body_bytes > 0) route.options.body_bytes = row.body_bytes;
        route.options.always_admitted = row.always_admitted;
        routes.push_back(std::move(route));
    }
    return routes;
}

std::vector<std::string> route_names() {
    std::vector<std::string> names;
    for (const auto& row : rows) names.emplace_back(row.name);
    return names;
}

}  // namespace orderflow::api
