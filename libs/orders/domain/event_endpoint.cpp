#include "libs/orders/domain/event_endpoint.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace orderflow::orders {
namespace {

constexpr std::array<std::string_view, content_mode_count> mode_names{"binary", "structured"};
constexpr std::array<std::string_view, lane_kind_count> lane_names{"live", "range", "one", "test"};
constexpr std::array<std::string_view, delivery_outcome_count> outcome_names{"delivered", "failed", "given_up",
                                                                             "disabled"};

template <class Enum, std::size_t n>
std::optional<Enum> parse(const std::array<std::string_view, n>& names, std::string_view text) {
    const auto found = std::ranges::find(names, text);
    if (found == names.end()) return std::nullopt;
    return static_cast<Enum>(found - names.begin());
}

}  // namespace

std::string_view to_string(ContentMode mode) noexcept { return mode_names[static_cast<std::size_t>(mode)]; }
std::string_view to_string(LaneKind kind) noexcept { return lane_names[static_cast<std::size_t>(kind)]; }
std::string_view to_string(DeliveryOutcome outcome) noexcept {
    return outcome_names[static_cast<std::size_t>(outcome)];
}

std::optional<ContentMode> parse_content_mode(std::string_view text) noexcept {
    return parse<ContentMode>(mode_names, text);
}
std::optional<LaneKind> parse_lane_kind(std::string_view text) noexcept { return parse<LaneKind>(lane_names, text); }
std::optional<DeliveryOutcome> parse_delivery_outcome(std::string_view text) noexcept {
    return parse<DeliveryOutcome>(outcome_names, text);
}

bool is_topic(const EndpointSettings& settings) { return settings.url.starts_with("arn:"); }

bool is_wanted(const EndpointSettings& settings, EventType type) {
    return settings.events.empty() || std::ranges::find(settings.events, type) != settings.events.end();
}

std::string event_id(const OrderId& order, std::int32_t version) {
    return order.to_string() + ":" + std::to_string(version);
}

std::optional<EventName> parse_event_id(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto order = OrderId::parse(text.substr(0, colon));
    const auto number = text.substr(colon + 1);
    std::int32_t version = 0;
    const auto parsed = std::from_chars(number.data(), number.data() + number.size(), version);
    if (!order || parsed.ec != std::errc() || parsed.ptr != number.data() + number.size() || version < 1) {
        return std::nullopt;
    }
    return EventName{*order, version};
}

}  // namespace orderflow::orders
