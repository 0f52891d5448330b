#include "api-service/handlers/event_stream.hpp"

#include <algorithm>

#include "api-service/stream_time.hpp"
#include "libs/async/sleep.hpp"
#include "libs/contract/order_resource.hpp"
#include "libs/contract/timestamp.hpp"
#include "libs/json/writer.hpp"

namespace orderflow::api {
namespace {

bool ends_the_order(orders::EventType type) {
    return type == orders::EventType::order_rejected || type == orders::EventType::order_completed ||
           type == orders::EventType::order_cancelled;
}

std::string to_sse(const orders::OrderEvent& event) {
    return "id: " + std::to_string(event.version) + "\nevent: " + std::string(to_string(event.type)) +
           "\ndata: " + contract::encode_event(event) + "\n\n";
}

}  // namespace

// Outlives the stream for as long as a call of the publisher is on its way to the loop.
struct EventStream::Wake {
    explicit Wake(Executor& timers) : changed(timers) {}
    Signal changed;
};

EventStream::EventStream(StreamStart start, orders::OrderReader& reader, orders::OrderFeed& feed,
                         orders::LoopParts loop, ApiMetrics& metrics)
    : id_(start.id),
      tenant_(std::move(start.tenant)),
      version_(start.version),
      sent_(start.last_seen),
      reader_(reader),
      loop_(std::move(loop)),
      metrics_(metrics),
      heartbeat_at_(loop_.clock.now() + heartbeat_every),
      end_at_(loop_.clock.now() + (start.over ? linger_after_end : stream_time)),
      wake_(std::make_shared<Wake>(loop_.timers)) {
    subscription_ = feed.subscribe(id_, [weak = std::weak_ptr(wake_), timers = &loop_.timers](std::int32_t) {
        timers->post([weak] {
            if (const auto wake = weak.lock()) wake->changed.notify();
        });
    });
    metrics_.stream_opened();
}

EventStream::~EventStream() { metrics_.stream_closed(); }

task<std::optional<std::string>> EventStream::next(std::stop_token stop) {
    if (!greeted_) {
        greeted_ = true;
        const auto events = co_await unseen();
        if (!events) co_return std::nullopt;
        if (!events->empty()) version_ = std::max(version_, events->back().version);
        auto greeting = "retry: 2000\n\n" + heartbeat();
        co_return greeting + take(*events);
    }
    while (!stop.stop_requested()) {
        const auto now = loop_.clock.now();
        if (now >= end_at_) break;
        if (now >= heartbeat_at_) co_return heartbeat();
        const auto until = std::min(end_at_, heartbeat_at_);
        if (co_await wake_->changed.wait_until(until, stop) == Woken::by_time || stop.stop_requested()) continue;
        const auto events = co_await unseen();
        if (!events) break;
        if (auto text = take(*events); !text.empty()) co_return text;
    }
    co_return std::nullopt;
}

// Nothing when the store cannot be read, or when it shows that the order is another tenant's.
task<std::optional<std::vector<orders::OrderEvent>>> EventStream::unseen() {
    if (tenant_) {
        const auto found = co_await reader_.find(id_);
        if (!found || (found->order && found->order->tenant_id != *tenant_)) co_return std::nullopt;
        if (!found->order) co_return std::vector<orders::OrderEvent>();
        tenant_.reset();
    }
    auto events = co_await reader_.events(id_, sent_);
    if (!events) co_return std::nullopt;
    co_return *std::move(events);
}

std::string EventStream::heartbeat() {
    heartbeat_at_ = loop_.clock.now() + heartbeat_every;
    json::Writer data;
    data.begin_object().key("version").integer(version_);
    data.key("at").string(contract::to_timestamp(loop_.clock.wall())).end_object();
    return "event: heartbeat\ndata: " + data.text() + "\n\n";
}

std::string EventStream::take(const std::vector<orders::OrderEvent>& events) {
    std::string text;
    for (const auto& event : events) {
        if (event.version <= sent_) continue;
        text += to_sse(event);
        sent_ = event.version;
        version_ = std::max(version_, event.version);
        if (ends_the_order(event.type)) end_at_ = std::min(end_at_, loop_.clock.now() + linger_after_end);
    }
    return text;
}

}  // namespace orderflow::api
