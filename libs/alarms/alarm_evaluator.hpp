// AlarmEvaluator: which alarms are active, from what the metrics say tick by tick. Hold times keep a short peak from
// waking somebody, hysteresis keeps a value that wavers around its threshold from doing so again and again.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "libs/alarms/alarm_rule.hpp"
#include "libs/alarms/measure_history.hpp"

namespace orderflow::alarms {

// Whether one alarm is active. A pure state machine; time is an argument.
class AlarmState {
  public:
    // True when it began or ended now. `rule` is the same in every call.
    bool look(const AlarmRule& rule, std::optional<double> value, Instant now);
    bool is_active() const noexcept { return active_; }

  private:
    bool active_ = false;
    std::optional<Instant> turning_since_;  // beyond the threshold while calm, back while active
};

struct AlarmChange {
    const AlarmRule* rule;  // of the evaluator
    bool began;             // else it ended
    std::optional<double> value;
};

// For one executor.
class AlarmEvaluator {
  public:
    explicit AlarmEvaluator(std::vector<AlarmRule> rules);
    AlarmEvaluator(const AlarmEvaluator&) = delete;
    AlarmEvaluator& operator=(const AlarmEvaluator&) = delete;

    // What began and what ended, in the order of the rules. `now` never goes back.
    std::vector<AlarmChange> evaluate(std::span<const observe::Reading> readings, Instant now);

    const std::vector<AlarmRule>& rules() const noexcept { return rules_; }
    bool is_active(std::size_t rule) const { return alarms_.at(rule).state.is_active(); }

  private:
    struct Alarm {
        MeasureHistory history;
        AlarmState state;
    };
    std::vector<AlarmRule> rules_;
    std::vector<Alarm> alarms_;  // in the same order
};

}  // namespace orderflow::alarms
