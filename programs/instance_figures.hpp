// What a program's own metrics say, as the figures of its row.
#pragma once

#include <span>
#include <vector>

#include "libs/alarms/alarm_rule.hpp"
#include "libs/instances/instance_row.hpp"
#include "libs/observe/reading.hpp"

namespace orderflow {

// Everything since the start of the program. Metrics that the program has not count as zero.
instances::Figures totals_of(std::span<const observe::Reading> readings);

// Which of the alarms are active (`orderflow_alarm_active`), in the order of the rules. One that was active `before`
// keeps its time.
std::vector<instances::ActiveAlarm> alarms_of(std::span<const observe::Reading> readings,
                                              const std::vector<alarms::AlarmRule>& rules,
                                              const std::vector<instances::ActiveAlarm>& before, WallTime now);

}  // namespace orderflow
