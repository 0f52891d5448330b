#include "libs/contract/endpoint_resource.hpp"

#include <utility>

#include "libs/contract/endpoint_message.hpp"
#include "libs/contract/operator_resource.hpp"
#include "libs/contract/order_resource.hpp"
#include "libs/contract/timestamp.hpp"
#include "libs/json/writer.hpp"

namespace orderflow::contract {
namespace {

using json::Writer;
using orders::EventEndpoint;

// The object stays open.
void write_endpoint(Writer& out, const EventEndpoint& endpoint) {
    const auto& settings = endpoint.settings;
    out.begin_object().key("id").string(endpoint.id);
    out.key("url").string(settings.url).key("mode").string(to_string(settings.mode)).key("events");
    write_event_types(out, settings.events);
    out.key("description").string(settings.description).key("enabled").boolean(endpoint.enabled);
    if (!endpoint.enabled) out.key("disabled_because").string(endpoint.disabled_code);
    out.key("secrets").begin_array();
    for (const auto& secret : endpoint.secrets) {
        out.begin_object().key("created_at").string(to_timestamp(secret.created_at));
        if (secret.valid_until) out.key("valid_until").string(to_timestamp(*secret.valid_until));
        out.end_object();
    }
    out.end_array().key("created_at").string(to_timestamp(endpoint.created_at));
    out.key("changed_at").string(to_timestamp(endpoint.changed_at));
    out.key("links").begin_object().key("self").string(endpoint_path(endpoint.id));
    out.key("deliveries").string(endpoint_path(endpoint.id) + "/deliveries").end_object();
}

void write_lane(Writer& out, const orders::EventLane& lane) {
    out.begin_object().key("id").string(lane.id).key("kind").string(to_string(lane.kind));
    out.key("delivered").integer(lane.delivered).key("given_up").integer(lane.given_up);
    out.key("held_orders").integer(static_cast<std::int64_t>(lane.held.size()));
    out.key("failures_in_a_row").integer(lane.failures);
    if (lane.last_success_at) out.key("last_success_at").string(to_timestamp(*lane.last_success_at));
    if (lane.since) out.key("since").string(to_timestamp(*lane.since));
    if (lane.until) out.key("until").string(to_timestamp(*lane.until));
    out.end_object();
}

void write_delivery(Writer& out, const orders::EventDelivery& delivery) {
    const bool is_test = delivery.lane == orders::LaneKind::test;
    out.begin_object().key("number").integer(delivery.number);
    if (!is_test) {
        out.key("event").string(orders::event_id(delivery.order, delivery.version));
        out.key("order").string(delivery.order.to_string());
    }
    if (delivery.type) out.key("type").string(to_string(*delivery.type));
    out.key("lane").string(to_string(delivery.lane)).key("attempt").integer(delivery.attempt);
    out.key("at").string(to_timestamp(delivery.at)).key("duration_ms").integer(delivery.duration_ms);
    if (delivery.status != 0) out.key("status").integer(delivery.status);
    out.key("outcome").string(to_string(delivery.outcome));
    if (!delivery.code.empty()) out.key("code").string(delivery.code);
    if (!delivery.answer.empty()) out.key("answer").string(delivery.answer);
    if (delivery.next_attempt_at) out.key("next_attempt_at").string(to_timestamp(*delivery.next_attempt_at));
    out.end_object();
}

}  // namespace

std::string endpoint_path(std::string_view id) { return "/v1/admin/webhooks/" + std::string(id); }

std::string encode_endpoints(const std::vector<EventEndpoint>& endpoints) {
    Writer out;
    out.begin_object().key("data").begin_array();
    for (const auto& endpoint : endpoints) {
        write_endpoint(out, endpoint);
        out.end_object();
    }
    out.end_array().end_object();
    return std::move(out).take();
}

std::string encode_endpoint(const EventEndpoint& endpoint, const std::vector<orders::EventLane>& lanes) {
    Writer out;
    write_endpoint(out, endpoint);
    out.key("lanes").begin_array();
    for (const auto& lane : lanes) write_lane(out, lane);
    out.end_array().end_object();
    return std::move(out).take();
}

std::string encode_deliveries(const std::vector<orders::EventDelivery>& deliveries, bool has_more) {
    Writer out;
    out.begin_object().key("data").begin_array();
    for (const auto& delivery : deliveries) write_delivery(out, delivery);
    out.end_array().key("has_more").boolean(has_more).end_object();
    return std::move(out).take();
}

std::string encode_endpoint_accepted(const orders::OperatorCommand& command, std::string_view secret) {
    const auto& endpoint = std::get<orders::EndpointCommand>(command.wish).endpoint;
    Writer out;
    out.begin_object().key("id").string(command.id).key("status").string("accepted");
    out.key("action").string(action_of(command)).key("target").string(target_of(command));
    out.key("webhook").string(endpoint);
    if (!secret.empty()) out.key("secret").string(secret);
    out.key("links").begin_object().key("self").string(command_path(command.id));
    out.key("webhook").string(endpoint_path(endpoint)).end_object().end_object();
    return std::move(out).take();
}

}  // namespace orderflow::contract
