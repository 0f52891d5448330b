// AlarmWatch: looks at the program's own metrics and says which alarms begin and end: in the metric
// `orderflow_alarm_active`, in the log, and to whoever sends it on.
#pragma once

#include <functional>
#include <vector>

#include "libs/alarms/alarm_evaluator.hpp"
#include "libs/base/clock.hpp"
#include "libs/observe/log.hpp"
#include "libs/observe/metrics.hpp"

namespace orderflow {

// For one executor.
class AlarmWatch {
  public:
    // All outlive it. `metrics` gets its declarations here.
    struct Parts {
        const Clock& clock;
        const observe::Logger& log;
        observe::Metrics& metrics;
    };
    AlarmWatch(Parts parts, std::vector<alarms::AlarmRule> rules,
               std::function<void(const alarms::AlarmChange&)> tell = {});

    // To be called every few seconds.
    void look();

  private:
    Parts parts_;
    alarms::AlarmEvaluator evaluator_;
    std::function<void(const alarms::AlarmChange&)> tell_;
    std::vector<std::reference_wrapper<observe::Gauge>> active_;  // in the order of the rules
};

}  // namespace orderflow
