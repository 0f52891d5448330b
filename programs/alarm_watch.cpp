#include "programs/alarm_watch.hpp"

#include <utility>

namespace orderflow {

AlarmWatch::AlarmWatch(Parts parts, std::vector<alarms::AlarmRule> rules,
                       std::function<void(const alarms::AlarmChange&)> tell)
    : parts_(parts), evaluator_(std::move(rules)), tell_(std::move(tell)) {
    for (const auto& rule : evaluator_.rules()) {
        active_.emplace_back(parts_.metrics.gauge("orderflow_alarm_active", "1 while an alarm of this name is active.",
                                                  {{"name", rule.name}}));
    }
}

void AlarmWatch::look() {
    for (const auto& change : evaluator_.evaluate(parts_.metrics.read(), parts_.clock.now())) {
        const auto& rule = *change.rule;
        parts_.log.log(change.began ? observe::LogLevel::error : observe::LogLevel::info,
                       change.began ? "alarm.began" : "alarm.ended",
                       {{"alarm", rule.name},
                        {"severity", rule.severity == alarms::Severity::critical ? "critical" : "warning"},
                        {"value", change.value.value_or(0)},
                        {"threshold", rule.threshold},
                        {"summary", rule.summary}},
                       nullptr);
        if (tell_) tell_(change);
    }
    for (std::size_t i = 0; i < active_.size(); ++i) active_[i].get().set(evaluator_.is_active(i) ? 1 : 0);
}

}  // namespace orderflow
