// Settings that stand in AWS Systems Manager's Parameter Store and that nobody puts into the environment: ECS injects
// them, AWS Lambda does not.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libs/base/clock.hpp"
#include "libs/base/entropy.hpp"
#include "libs/base/result.hpp"
#include "libs/base/settings.hpp"

namespace orderflow {

struct ParameterSetting {
    std::string setting;    // "DATABASE_URL"
    std::string parameter;  // "/orderflow/demo/database/worker-url"
    friend bool operator==(const ParameterSetting&, const ParameterSetting&) = default;
};

inline constexpr std::string_view parameters_setting = "ORDERFLOW_PARAMETERS";

// Of "DATABASE_URL=/orderflow/demo/database/worker-url,...", ten of them at most. invalid_input "parameters.malformed",
// with the entry that is wrong: it has another form, names a setting twice, or one that the environment has already.
// Pure.
Result<std::vector<ParameterSetting>> read_parameter_settings(std::string_view text, const Environment& environment);

// The environment with the values of the parameters that ORDERFLOW_PARAMETERS names, and the same without that. Blocks,
// five seconds at most, on a thread of its own. Errors: read_parameter_settings(), SsmParameters::get() and
// AwsIdentity::open(). Values stand in no error.
Result<Environment> with_parameters(Environment environment, const Clock& clock, Entropy& entropy);

std::string parameters_help();

}  // namespace orderflow
