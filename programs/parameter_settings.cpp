#include "programs/parameter_settings.hpp"

#include <algorithm>
#include <future>
#include <map>
#include <utility>

#include "libs/aws/ssm_parameters.hpp"
#include "libs/net/runtime.hpp"
#include "libs/observe/log.hpp"
#include "libs/observe/printable.hpp"
#include "programs/aws_identity.hpp"

namespace orderflow {
namespace {

using Values = Result<std::map<std::string, std::string>>;

// Of the ten seconds that AWS Lambda gives to a start.
constexpr std::chrono::seconds patience{5};

bool is_setting(std::string_view text) {
    const auto is_part = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; };
    return !text.empty() && std::ranges::all_of(text, is_part) && !text.starts_with("AWS_") &&
           text != parameters_setting;
}

bool is_parameter(std::string_view text) {
    constexpr std::size_t longest = 1011;  // as AWS allows
    const auto is_part = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
               c == '-' || c == '/';
    };
    return !text.empty() && text.size() <= longest && std::ranges::all_of(text, is_part);
}

std::unexpected<Error> malformed(std::string_view entry, std::string_view why) {
    constexpr std::size_t shown_max = 100;
    return fail(
        ErrorKind::invalid_input, "parameters.malformed",
        std::string(parameters_setting) + ": '" + observe::printable_line(entry, shown_max) + "' " + std::string(why));
}

// Both outlive it: the caller waits.
task<void> ask(aws::SsmParameters& parameters, std::vector<std::string> names, Instant deadline,
               std::promise<Values>& answered) {
    answered.set_value(co_await parameters.get(std::move(names), deadline));
}

Values fetch(const std::vector<ParameterSetting>& wanted, const Environment& environment, const Clock& clock,
             Entropy& entropy) {
    auto endpoint = aws::SsmEndpoint::resolve(environment);
    if (!endpoint) return fail(std::move(endpoint).error());
    const auto sink = observe::make_stream_sink(observe::LogStream::standard_error);
    const observe::Logger log(clock, *sink, observe::LogLevel::error);
    std::unique_ptr<AwsIdentity> identity;
    net::Runtime loop(clock, 1, "parameters");
    auto opened = AwsIdentity::open({loop, clock, entropy, log, environment});
    if (!opened) return fail(std::move(opened).error());
    identity = *std::move(opened);
    aws::SsmParameters parameters(
        {identity->transport(), [&identity](Instant deadline) { return identity->credentials(deadline); },
         loop.executor(), clock, entropy},
        *std::move(endpoint));
    std::vector<std::string> names;
    for (const auto& one : wanted) {
        if (std::ranges::find(names, one.parameter) == names.end()) names.push_back(one.parameter);
    }
    loop.start();
    std::promise<Values> answered;
    loop.spawn(ask(parameters, std::move(names), clock.now() + patience, answered));
    auto values = answered.get_future().get();
    loop.stop();
    identity->close();
    return values;
}

}  // namespace

Result<std::vector<ParameterSetting>> read_parameter_settings(std::string_view text, const Environment& environment) {
    std::vector<ParameterSetting> wanted;
    while (!text.empty()) {
        const auto end = std::min(text.find(','), text.size());
        const auto entry = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const auto equals = std::min(entry.find('='), entry.size());
        const auto setting = entry.substr(0, equals);
        const auto parameter = entry.substr(std::min(equals + 1, entry.size()));
        if (!is_setting(setting) || !is_parameter(parameter)) {
            return malformed(entry, "is not SETTING=/name/of/parameter");
        }
        if (const auto set = environment.find(setting); set != environment.end() && !set->second.empty()) {
            return malformed(entry, "is for a setting that the environment has, too: leave one of them out");
        }
        if (std::ranges::find(wanted, setting, &ParameterSetting::setting) != wanted.end()) {
            return malformed(entry, "is for a setting that stands there twice");
        }
        if (wanted.size() == aws::ssm_names_max) return malformed(entry, "is one too many: 10 are asked for at once");
        wanted.push_back({std::string(setting), std::string(parameter)});
    }
    return wanted;
}

Result<Environment> with_parameters(Environment environment, const Clock& clock, Entropy& entropy) {
    const auto listed = environment.find(parameters_setting);
    if (listed == environment.end()) return environment;
    const auto wanted = read_parameter_settings(listed->second, environment);
    if (!wanted) return fail(wanted.error());
    environment.erase(listed);
    if (wanted->empty()) return environment;
    auto values = fetch(*wanted, environment, clock, entropy);
    if (!values) {
        return fail(values.error().kind(), values.error().code(),
                    std::string(parameters_setting) + ": " + values.error().detail());
    }
    for (const auto& [setting, parameter] : *wanted) environment.insert_or_assign(setting, values->at(parameter));
    return environment;
}

std::string parameters_help() {
    return "  ORDERFLOW_PARAMETERS     settings that stand in AWS's parameter store: SETTING=/name,...  [none]\n";
}

}  // namespace orderflow
