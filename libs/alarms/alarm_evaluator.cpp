#include "libs/alarms/alarm_evaluator.hpp"

namespace orderflow::alarms {
namespace {

bool is_beyond(const AlarmRule& rule, std::optional<double> value) {
    return value && (rule.above ? *value > rule.threshold : *value < rule.threshold);
}

bool is_back(const AlarmRule& rule, std::optional<double> value) {
    return !value || (rule.above ? *value <= rule.clears_at : *value >= rule.clears_at);
}

}  // namespace

bool AlarmState::look(const AlarmRule& rule, std::optional<double> value, Instant now) {
    const bool turns = active_ ? is_back(rule, value) : is_beyond(rule, value);
    if (!turns) {
        turning_since_.reset();
        return false;
    }
    if (!turning_since_) turning_since_ = now;
    if (now - *turning_since_ < (active_ ? rule.clear_hold : rule.hold)) return false;
    active_ = !active_;
    turning_since_.reset();
    return true;
}

AlarmEvaluator::AlarmEvaluator(std::vector<AlarmRule> rules) : rules_(std::move(rules)) {
    for (const auto& rule : rules_) alarms_.push_back({MeasureHistory(rule.measure), {}});
}

std::vector<AlarmChange> AlarmEvaluator::evaluate(std::span<const observe::Reading> readings, Instant now) {
    std::vector<AlarmChange> changes;
    for (std::size_t i = 0; i < rules_.size(); ++i) {
        auto& [history, state] = alarms_[i];
        const auto value = history.take(readings, now);
        if (state.look(rules_[i], value, now)) changes.push_back({&rules_[i], state.is_active(), value});
    }
    return changes;
}

}  // namespace orderflow::alarms
