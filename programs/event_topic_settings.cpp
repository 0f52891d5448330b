#include "programs/event_topic_settings.hpp"

#include <string_view>
#include <utility>

namespace orderflow {

std::optional<EventTopicSettings> read_event_topic(SettingsReader& settings, const Environment& environment) {
    constexpr std::string_view name = "ORDERFLOW_EVENTS_TOPIC_ARN";
    const auto arn = settings.optional_text(name);
    if (!arn) return std::nullopt;
    auto endpoint = aws::SnsEndpoint::resolve(*arn, environment);
    if (!endpoint) {
        settings.refuse(name, endpoint.error().detail());
        return std::nullopt;
    }
    return EventTopicSettings{*std::move(endpoint), environment};
}

std::string event_topic_help() {
    return "  ORDERFLOW_EVENTS_TOPIC_ARN  arn:aws:sns:REGION:ACCOUNT:NAME: every event of an order is published "
           "there\n";
}

void check_event_topic(StartCheck& check, const std::optional<EventTopicSettings>& topic) {
    if (!topic) return;
    const auto& arn = topic->endpoint.topic;
    check.good("events topic", arn.text + (arn.is_fifo() ? " (FIFO) at " : " at ") + topic->endpoint.url.origin() +
                                   ", not asked: a test event shows whether it may be published to");
}

}  // namespace orderflow
