#include "libs/contract/event_message.hpp"

#include <utility>

#include "libs/base/invariant.hpp"
#include "libs/contract/timestamp.hpp"
#include "libs/json/writer.hpp"

namespace orderflow::contract {
namespace {

struct Data {
    const orders::OrderId* order;  // null: of a test
    const orders::OrderEvent* event;
    std::string_view type;
    std::string at;
};

void write_data(json::Writer& out, const Data& data) {
    out.begin_object();
    if (data.order != nullptr) {
        out.key("order").string(data.order->to_string()).key("version").integer(data.event->version);
    }
    out.key("type").string(data.type).key("at").string(data.at);
    if (data.event != nullptr && !data.event->code.empty()) out.key("code").string(data.event->code);
    if (data.event != nullptr && !data.event->detail.empty()) out.key("detail").string(data.event->detail);
    out.end_object();
}

orders::OutgoingEvent make(std::string id, const Data& data, orders::ContentMode mode) {
    orders::OutgoingEvent event;
    event.id = std::move(id);
    event.type = data.type;
    if (data.order != nullptr) event.order_id = data.order->to_string();
    if (data.event != nullptr) {
        if (const auto status = orders::status_reached_by(data.event->type)) event.order_status = to_string(*status);
        event.traceparent = data.event->traceparent;
    }
    json::Writer out;
    if (mode == orders::ContentMode::structured) {
        event.fields = {{"Content-Type", "application/cloudevents+json; charset=UTF-8"}};
        out.begin_object().key("specversion").string("1.0").key("id").string(event.id);
        out.key("source").string(event_source).key("type").string(event.type);
        if (!event.order_id.empty()) out.key("subject").string(event.order_id);
        if (!event.traceparent.empty()) out.key("traceparent").string(event.traceparent);
        out.key("time").string(data.at).key("datacontenttype").string("application/json").key("data");
        write_data(out, data);
        out.end_object();
    } else {
        event.fields = {{"Content-Type", "application/json"},     {"ce-specversion", "1.0"}, {"ce-id", event.id},
                        {"ce-source", std::string(event_source)}, {"ce-type", event.type},   {"ce-time", data.at}};
        if (!event.order_id.empty()) event.fields.emplace_back("ce-subject", event.order_id);
        if (!event.traceparent.empty()) event.fields.emplace_back("ce-traceparent", event.traceparent);
        write_data(out, data);
    }
    event.body = std::move(out).take();
    ORDERFLOW_INVARIANT(event.body.size() <= event_body_bytes_max);
    return event;
}

}  // namespace

orders::OutgoingEvent make_event(const orders::OrderId& order, const orders::OrderEvent& event,
                                 orders::ContentMode mode) {
    return make(orders::event_id(order, event.version), {&order, &event, to_string(event.type), to_timestamp(event.at)},
                mode);
}

orders::OutgoingEvent make_test_event(std::string_view id, WallTime at, orders::ContentMode mode) {
    return make("test:" + std::string(id), {nullptr, nullptr, test_event_type, to_timestamp(at)}, mode);
}

}  // namespace orderflow::contract
