// The routes of the API and the site: contracts/openapi.json as a table. Nothing else answers.
#pragma once

#include <string>
#include <vector>

#include "api-service/endpoint.hpp"
#include "api-service/handlers/audit.hpp"
#include "api-service/handlers/cancel_order.hpp"
#include "api-service/handlers/client_errors.hpp"
#include "api-service/handlers/dead_letters.hpp"
#include "api-service/handlers/erase_customer.hpp"
#include "api-service/handlers/fulfill_order.hpp"
#include "api-service/handlers/import_products.hpp"
#include "api-service/handlers/list_products.hpp"
#include "api-service/handlers/operations.hpp"
#include "api-service/handlers/operator_session.hpp"
#include "api-service/handlers/order_form_handler.hpp"
#include "api-service/handlers/order_timeline.hpp"
#include "api-service/handlers/overview.hpp"
#include "api-service/handlers/pages.hpp"
#include "api-service/handlers/payment_callback.hpp"
#include "api-service/handlers/place_order.hpp"
#include "api-service/handlers/read_orders.hpp"
#include "api-service/handlers/stock.hpp"
#include "api-service/handlers/stream_events.hpp"
#include "api-service/handlers/webhooks.hpp"
#include "api-service/handlers/workers.hpp"
#include "libs/net/router.hpp"
#include "libs/observe/tracer.hpp"

namespace orderflow::api {

struct Handlers {
    PlaceOrderHandler& place_order;
    OrderFormHandler& order_form;
    ReadOrdersHandler& read_orders;
    StreamEventsHandler& stream_events;
    CancelOrderHandler& cancel_order;
    PaymentCallbackHandler& payment_callback;
    ListProductsHandler& list_products;
    DeadLettersHandler& dead_letters;
    AuditHandler& audit;
    OrderTimelineHandler& order_timeline;
    FulfillOrderHandler& fulfill_order;
    StockHandler& stock;
    ImportProductsHandler& import_products;
    EraseCustomerHandler& erase_customer;
    OverviewHandler& overview;
    WorkersHandler& workers;
    OperatorSessionHandler& operator_session;
    WebhooksHandler& webhooks;
    ClientErrorsHandler& client_errors;
    PagesHandler& pages;
    OperationsHandler& operations;
};

// The handlers, the endpoints and the tracer, which may be null, outlive the routes.
std::vector<net::Route> make_routes(Handlers handlers, Endpoints& endpoints, observe::Tracer* tracer);

// The names of the routes, which are the operationIds of the contract.
std::vector<std::string> route_names();

}  // namespace orderflow::api
