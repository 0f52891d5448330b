// EventEndpoint: where the events of orders go, outside of this system: a URL that is called (webhook), or a topic of
// Amazon SNS. EventLane: how far one has been served. Webhooks are made by operators, the topic by the worker that is
// configured for it; operators change both, and the worker alone writes them.
#pragma once

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libs/base/clock.hpp"
#include "libs/orders/domain/event.hpp"
#include "libs/orders/domain/ids.hpp"

namespace orderflow::orders {

namespace limits {
inline constexpr std::size_t endpoints_max = 50;
inline constexpr std::size_t endpoint_url_max = 2000;
inline constexpr std::size_t endpoint_description_max = 200;
inline constexpr std::size_t endpoint_secrets_max = 2;
inline constexpr std::size_t replays_max = 10;       // of one endpoint, at the same time
inline constexpr std::size_t held_orders_max = 256;  // of one lane
inline constexpr std::size_t answer_head_max = 200;  // bytes of an answer in the delivery log
// Entries of the delivery log that are kept of one endpoint, and for how long.
inline constexpr std::int64_t deliveries_kept = 5000;
inline constexpr std::chrono::hours deliveries_kept_for{24 * 14};
inline constexpr std::chrono::hours old_secret_valid_for{24 * 7};
inline constexpr std::uint32_t deliveries_page_max = 100;
}  // namespace limits

// How a CloudEvent lies in an HTTP message: its attributes in header fields, or all of it in the body.
enum class ContentMode : std::uint8_t { binary, structured };
inline constexpr int content_mode_count = static_cast<int>(ContentMode::structured) + 1;
std::string_view to_string(ContentMode mode) noexcept;
std::optional<ContentMode> parse_content_mode(std::string_view text) noexcept;

struct EndpointSecret {
    std::string text;  // "whsec_..."
    WallTime created_at{};
    std::optional<WallTime> valid_until = {};  // of one that was replaced
    friend bool operator==(const EndpointSecret&, const EndpointSecret&) = default;
};

// What an operator says of an endpoint.
struct EndpointSettings {
    std::string url;  // "https://..."; of a topic "arn:..."
    ContentMode mode = ContentMode::binary;
    std::vector<EventType> events = {};  // ascending, each once; empty: all
    std::string description = {};
    friend bool operator==(const EndpointSettings&, const EndpointSettings&) = default;
};

struct EventEndpoint {
    EventEndpoint(std::string i, EndpointSettings s, WallTime at)
        : id(std::move(i)), settings(std::move(s)), created_at(at), changed_at(at) {}
    std::string id;  // "wh_" and 32 hexadecimal digits
    EndpointSettings settings;
    std::vector<EndpointSecret> secrets = {};  // newest first; a topic has none
    bool enabled = true;
    std::string disabled_code = {};  // why not: "operator", "gone" (it answered 410), "failing"
    WallTime created_at;
    WallTime changed_at;
    std::int64_t revision = 1;  // counts changes
    // The lease: who serves it, and a counter that goes on while it is held.
    std::string owner = {};
    std::int64_t beat = 0;
    friend bool operator==(const EventEndpoint&, const EventEndpoint&) = default;
};

bool is_wanted(const EndpointSettings& settings, EventType type);
// Its URL is the ARN of a topic.
bool is_topic(const EndpointSettings& settings);

// A place in the order of all events: between the events of two transitions. Only to be compared.
struct EventPosition {
    std::int64_t first = 0;
    std::int64_t second = 0;
    friend auto operator<=>(const EventPosition&, const EventPosition&) = default;
};

// An event in that order. Those of one transition have one position.
struct FeedEvent {
    FeedEvent(EventPosition p, OrderId o, OrderEvent e) : at(p), order(o), event(std::move(e)) {}
    EventPosition at;
    OrderId order;
    OrderEvent event;
    friend bool operator==(const FeedEvent&, const FeedEvent&) = default;
};

// An order whose oldest undelivered event was not taken: its newer ones wait behind it.
struct HeldOrder {
    OrderId order;
    std::int32_t next = 0;     // version
    std::int32_t through = 0;  // version: the newest that was read
    std::int32_t attempts = 0;
    std::int64_t wait_ms = 0;  // before the next attempt, and when that is over
    WallTime due{};
    WallTime first_failed_at{};
    WallTime event_at{};
    friend bool operator==(const HeldOrder&, const HeldOrder&) = default;
};

enum class LaneKind : std::uint8_t {
    live,   // every new event
    range,  // a replay of the events of some time
    one,    // a replay of one event
    test,   // one event that tells nothing, tried once
};
inline constexpr int lane_kind_count = static_cast<int>(LaneKind::test) + 1;
std::string_view to_string(LaneKind kind) noexcept;
std::optional<LaneKind> parse_lane_kind(std::string_view text) noexcept;

inline constexpr std::string_view live_lane = "live";

struct EventLane {
    EventLane(std::string i, LaneKind k) : id(std::move(i)), kind(k) {}
    std::string id;  // "live", or the id of the command that asked for it
    LaneKind kind;
    EventPosition cursor = {};      // what lies before it is delivered, held or not wanted
    bool found_start = true;        // of a range: false until the cursor was set
    bool read_all = false;          // nothing is left to be read
    std::optional<WallTime> since;  // of a range: inclusive
    std::optional<WallTime> until;  // exclusive
    std::vector<HeldOrder> held = {};
    std::int32_t failures = 0;                // in a row
    std::optional<WallTime> last_success_at;  // of a call
    std::int64_t delivered = 0;
    std::int64_t given_up = 0;
    std::int64_t seen_revision = 1;  // of the endpoint
    friend bool operator==(const EventLane&, const EventLane&) = default;
};

enum class DeliveryOutcome : std::uint8_t {
    delivered,
    failed,    // will be tried again
    given_up,  // all attempts are used up, or it was a test
    disabled,  // the endpoint was disabled with it
};
inline constexpr int delivery_outcome_count = static_cast<int>(DeliveryOutcome::disabled) + 1;
std::string_view to_string(DeliveryOutcome outcome) noexcept;
std::optional<DeliveryOutcome> parse_delivery_outcome(std::string_view text) noexcept;

// An entry of the delivery log: one call.
struct EventDelivery {
    EventDelivery(std::string e, OrderId o, std::int32_t v) : endpoint(std::move(e)), order(o), version(v) {}
    std::int64_t number = 0;  // given by the store, counts up
    std::string endpoint;
    OrderId order;  // zero: of a test
    std::int32_t version;
    std::optional<EventType> type = {};
    LaneKind lane = LaneKind::live;
    std::int32_t attempt = 1;
    WallTime at{};
    std::int64_t duration_ms = 0;
    std::int32_t status = 0;  // of HTTP; 0: no answer
    DeliveryOutcome outcome = DeliveryOutcome::delivered;
    std::string code = {};    // why not
    std::string answer = {};  // the first bytes of its body, printable
    std::optional<WallTime> next_attempt_at = {};
    friend bool operator==(const EventDelivery&, const EventDelivery&) = default;
};

// "ord_...:3". Of a test: "test:" and the id of its command.
std::string event_id(const OrderId& order, std::int32_t version);
struct EventName {
    OrderId order;
    std::int32_t version;
};
std::optional<EventName> parse_event_id(std::string_view text);

}  // namespace orderflow::orders
