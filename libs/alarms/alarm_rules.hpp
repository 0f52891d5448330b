// contracts/alarms.json, read.
#pragma once

#include <string_view>
#include <vector>

#include "libs/alarms/alarm_rule.hpp"
#include "libs/base/result.hpp"

namespace orderflow::alarms {

// What the file was when the program was built.
std::string_view standard_alarms_json() noexcept;

// In their order. invalid_input "alarms.malformed" with the place and what is wrong there.
Result<std::vector<AlarmRule>> read_alarm_rules(std::string_view json);

// Those of one program, "orderflow" or "api-service".
std::vector<AlarmRule> rules_of(std::string_view program, std::vector<AlarmRule> rules);

}  // namespace orderflow::alarms
