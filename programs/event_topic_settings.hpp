// The topic of Amazon SNS that events go to: a setting of whoever works.
#pragma once

#include <optional>
#include <string>

#include "libs/aws/sns_endpoint.hpp"
#include "libs/base/settings.hpp"
#include "programs/start_check.hpp"

namespace orderflow {

struct EventTopicSettings {
    aws::SnsEndpoint endpoint;
    Environment environment;  // for the credentials
};

// ORDERFLOW_EVENTS_TOPIC_ARN, with AWS_ENDPOINT_URL_SNS. Nothing: events go to no topic. Notes an error in `settings`.
std::optional<EventTopicSettings> read_event_topic(SettingsReader& settings, const Environment& environment);
std::string event_topic_help();
// For --check: says where events would go. Asks nobody: all that a worker may do to its topic is publish.
void check_event_topic(StartCheck& check, const std::optional<EventTopicSettings>& topic);

}  // namespace orderflow
