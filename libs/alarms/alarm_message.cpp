#include "libs/alarms/alarm_message.hpp"

#include <fmt/format.h>

#include "libs/json/writer.hpp"

namespace orderflow::alarms {

MessageForm form_for(std::string_view host) noexcept {
    return host == "hooks.slack.com" ? MessageForm::slack : MessageForm::webhook;
}

std::string encode_message(const AlarmChange& change, const AlarmSource& source, std::string_view at,
                           MessageForm form) {
    const auto& rule = *change.rule;
    const std::string_view severity = rule.severity == Severity::critical ? "critical" : "warning";
    const std::string_view state = change.began ? "began" : "ended";
    json::Writer out;
    out.begin_object().key("text").string(fmt::format("Orderflow: {} {} ({}) in {} on {}. {}", rule.name, state,
                                                      severity, source.program, source.instance, rule.summary));
    if (form == MessageForm::webhook) {
        out.key("alarm").string(rule.name).key("state").string(state).key("severity").string(severity);
        out.key("summary").string(rule.summary);
        if (change.value) out.key("value").string(fmt::format("{:g}", *change.value));
        out.key("program").string(source.program).key("instance").string(source.instance).key("at").string(at);
    }
    out.end_object();
    return std::move(out).take();
}

}  // namespace orderflow::alarms
