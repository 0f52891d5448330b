#include "api-service/api_service.hpp"

#include "api-service/routes.hpp"
#include "api-service/site/embedded_files.hpp"

namespace orderflow::api {

// In the order of construction: what stands above is used by what stands below.
struct ApiService::State {
    State(ApiParts given, ApiConfig settings, observe::Tracer* tracer)
        : parts(std::move(given)),
          config(std::move(settings)),
          metrics(parts.metrics, parts.log, route_names()),
          headers(embedded_file("site/headers.json").plain),
          operators({config.admin_token, config.admin_read_token, parts.sha256, parts.mac, parts.clock}),
          callers(parts.api_keys, parts.sha256, parts.clock),
          intake(parts, config, messages, metrics),
          traces(tracer, parts.entropy, parts.log),
          desk(intake, callers, parts.sha256, traces, config.accept_time, metrics),
          place_order(desk),
          order_form(desk, parts.reader, parts.entropy),
          read_orders(parts.reader, parts.ids, operators, callers),
          stream_events(parts.reader, parts.feed, parts.ids, intake, metrics, callers),
          cancel_order(intake, callers, parts.ids, traces, config.accept_time),
          payment_callback(intake, parts.check_callback, parts.clock, traces, config.accept_time),
          list_products(parts.reader, parts.sha256),
          command_desk(intake, parts.sha256, parts.clock, parts.entropy, traces, config.accept_time),
          dead_letters(parts.operators, parts.reader, parts.ids, operators, command_desk),
          audit(parts.operators, operators, command_desk),
          order_timeline(parts.reader, parts.operators, parts.endpoints, parts.ids, operators),
          fulfill_order(parts.ids, parts.reader, operators, command_desk),
          stock(parts.reader, operators, command_desk),
          import_products(operators, parts.reader, command_desk),
          erase_customer(operators, command_desk),
          overview_desk(parts),
          overview(overview_desk, intake, parts.clock, operators),
          workers(overview_desk, operators, command_desk),
          operator_session(operators, parts.clock, parts.entropy, parts.log),
          webhooks(parts.endpoints, parts.reader, operators, command_desk, parts.webhook_secret, config.webhook_rules),
          client_errors(parts),
          pages(parts.reader, parts.ids),
          operations(parts, intake, phase),
          endpoints({callers, headers, parts.clock, parts.entropy, metrics, parts.instances}, config.rates),
          router(make_routes({.place_order = place_order,
                              .order_form = order_form,
                              .read_orders = read_orders,
                              .stream_events = stream_events,
                              .cancel_order = cancel_order,
                              .payment_callback = payment_callback,
                              .list_products = list_products,
                              .dead_letters = dead_letters,
                              .audit = audit,
                              .order_timeline = order_timeline,
                              .fulfill_order = fulfill_order,
                              .stock = stock,
                              .import_products = import_products,
                              .erase_customer = erase_customer,
                              .overview = overview,
                              .workers = workers,
                              .operator_session = operator_session,
                              .webhooks = webhooks,
                              .client_errors = client_errors,
                              .pages = pages,
                              .operations = operations},
                             endpoints, tracer)) {}

    ApiParts parts;
    ApiConfig config;
    std::atomic<Phase> phase = Phase::starting;
    ApiMetrics metrics;
    SiteHeaders headers;
    OperatorAccess operators;
    Callers callers;
    ContractMessages messages;
    IntakeLoops intake;
    SendTraces traces;
    OrderDesk desk;
    PlaceOrderHandler place_order;
    OrderFormHandler order_form;
    ReadOrdersHandler read_orders;
    StreamEventsHandler stream_events;
    CancelOrderHandler cancel_order;
    PaymentCallbackHandler payment_callback;
    ListProductsHandler list_products;
    CommandDesk command_desk;
    DeadLettersHandler dead_letters;
    AuditHandler audit;
    OrderTimelineHandler order_timeline;
    FulfillOrderHandler fulfill_order;
    StockHandler stock;
    ImportProductsHandler import_products;
    EraseCustomerHandler erase_customer;
    OverviewDesk overview_desk;
    OverviewHandler overview;
    WorkersHandler workers;
    OperatorSessionHandler operator_session;
    WebhooksHandler webhooks;
    ClientErrorsHandler client_errors;
    PagesHandler pages;
    OperationsHandler operations;
    Endpoints endpoints;
    net::Router router;
};

ApiService::ApiService(ApiParts parts, ApiConfig config, observe::Tracer* tracer)
    : state_(std::make_unique<State>(std::move(parts), std::move(config), tracer)) {}

ApiService::~ApiService() = default;

const net::Router& ApiService::router() const noexcept { return state_->router; }

net::HttpObserver& ApiService::observer() noexcept { return state_->metrics; }

void ApiService::start() noexcept { state_->phase.store(Phase::serving); }

void ApiService::begin_drain() noexcept { state_->phase.store(Phase::draining); }

task<bool> ApiService::drain_loop(std::size_t index, Instant until) {
    co_return co_await state_->intake.all().at(index)->drain_until(until);
}

}  // namespace orderflow::api
