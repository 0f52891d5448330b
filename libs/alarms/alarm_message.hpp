// What is sent when an alarm begins or ends.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "libs/alarms/alarm_evaluator.hpp"

namespace orderflow::alarms {

struct AlarmSource {
    std::string program;   // "orderflow"
    std::string instance;  // the machine, as it calls itself
};

enum class MessageForm : std::uint8_t {
    webhook,  // all members, and `text`
    slack,    // `text` alone: Slack's incoming webhooks refuse what they do not know
};

// Slack's by the name of its host, hooks.slack.com.
MessageForm form_for(std::string_view host) noexcept;

// A JSON object:
//   {"text":"Orderflow: oldest-age began (critical). ...","alarm":"oldest-age","state":"began"|"ended",
//    "severity":"critical","summary":"...","value":"612.5","program":"orderflow","instance":"shop-1","at":"2026-..."}
// `value` is a text, and left out when there is none.
std::string encode_message(const AlarmChange& change, const AlarmSource& source, std::string_view at, MessageForm form);

}  // namespace orderflow::alarms
