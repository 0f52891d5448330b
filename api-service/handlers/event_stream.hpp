// EventStream: the history of one order as server-sent events (HTML Living Standard, section 9.2), live.
//
// First `retry`, a heartbeat and what happened after `last_seen`; then each event once it is stored, and a heartbeat
// every 15 s. The id of an event is its version, and versions only rise, so a client that comes back with Last-Event-ID
// misses nothing and sees nothing twice.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api-service/api_metrics.hpp"
#include "libs/net/response.hpp"
#include "libs/orders/application/intake/loop_parts.hpp"
#include "libs/orders/domain/event.hpp"
#include "libs/orders/ports/order_feed.hpp"
#include "libs/orders/ports/order_reader.hpp"

namespace orderflow::api {

// One order as it was found when the stream began.
struct StreamStart {
    orders::OrderId id;
    std::int32_t version = 0;             // of the order; 0 when it is not stored yet
    std::int32_t last_seen = 0;           // by the client
    bool over = false;                    // no event can follow
    std::optional<std::string> tenant{};  // of the caller, when it is not known yet whether the order is one of theirs
};

// For the loop of its connection. Everything passed in outlives it.
class EventStream final : public net::StreamBody {
  public:
    static constexpr BootClock::duration heartbeat_every = 15s;
    // An order that is over has no more events; the client has this long to notice and leave.
    static constexpr BootClock::duration linger_after_end = 60s;

    EventStream(StreamStart start, orders::OrderReader& reader, orders::OrderFeed& feed, orders::LoopParts loop,
                ApiMetrics& metrics);
    ~EventStream() override;
    EventStream(const EventStream&) = delete;
    EventStream& operator=(const EventStream&) = delete;

    // Ends (the client comes back) when the store cannot be read, when the order turns out to be another tenant's, some
    // time after the order is over, and after stream_time.
    task<std::optional<std::string>> next(std::stop_token stop) override;

  private:
    struct Wake;

    task<std::optional<std::vector<orders::OrderEvent>>> unseen();
    std::string heartbeat();
    std::string take(const std::vector<orders::OrderEvent>& events);

    orders::OrderId id_;
    std::optional<std::string> tenant_;  // until the order is known to be theirs
    std::int32_t version_;               // the highest one known
    std::int32_t sent_;                  // the highest one the client has
    orders::OrderReader& reader_;
    orders::LoopParts loop_;
    ApiMetrics& metrics_;
    Instant heartbeat_at_;
    Instant end_at_;
    bool greeted_ = false;
    std::shared_ptr<Wake> wake_;
    std::unique_ptr<orders::OrderFeed::Subscription> subscription_;  // last: its callback uses what is above
};

}  // namespace orderflow::api
