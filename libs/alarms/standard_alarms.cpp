#include "libs/alarms/alarm_rules.hpp"

namespace orderflow::alarms {
namespace {

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wc23-extensions"
constexpr char text[] = {
#embed "../../contracts/alarms.json"
};
#pragma clang diagnostic pop

}  // namespace

std::string_view standard_alarms_json() noexcept { return {text, sizeof(text)}; }

}  // namespace orderflow::alarms
