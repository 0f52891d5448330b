#include "api-service/handlers/stream_events.hpp"

#include "api-service/handlers/event_stream.hpp"
#include "api-service/order_answers.hpp"
#include "api-service/order_query.hpp"
#include "api-service/problem_response.hpp"

namespace orderflow::api {

task<net::Response> StreamEventsHandler::operator()(const net::Request& request) {
    const auto id = issued_id(request.param("id"), ids_);
    if (!id) co_return order_not_found_problem();
    StreamStart start{.id = *id};
    if (const auto field = request.field("Last-Event-ID")) {
        const auto seen = parse_version(*field);
        if (!seen) co_return problem(400, "malformed-request", "Last-Event-ID is not a version.");
        start.last_seen = *seen;
    }
    const auto found = co_await reader_.find(*id);
    if (!found) co_return store_unavailable_problem();
    if (found->tombstone) co_return order_gone_problem(found->tombstone->last_status);
    if (hides_from(callers_, request, *found)) co_return order_not_found_problem();
    if (found->order) {
        start.version = found->order->version;
        start.over = orders::is_terminal(found->order->status);
    } else if (const auto caller = callers_.caller_of(request); caller && caller->key) {
        start.tenant = caller->key->tenant;
    }
    auto stream = std::make_shared<EventStream>(start, reader_, feed_, loops_.of(request).loop(), metrics_);
    co_return net::Response::of_stream("text/event-stream", std::move(stream)).field("X-Accel-Buffering", "no");
}

}  // namespace orderflow::api
