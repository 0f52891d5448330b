#include "api-service/history_query.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "api-service/query_rules.hpp"
#include "libs/contract/timestamp.hpp"
#include "libs/instances/retention.hpp"
#include "libs/net/percent.hpp"

namespace orderflow::api {
namespace {

constexpr std::chrono::seconds step_min = instances::reports_every;
constexpr std::chrono::seconds step_max = instances::kept_for;
constexpr int spans_by_itself = 300;
constexpr std::string_view time_form = "a time such as 2026-11-22T09:14:07Z";

// False when it is there and wrong.
bool read_time(std::string_view query, std::string_view name, WallTime& at) {
    const auto text = net::query_param(query, name);
    if (!text) return true;
    const auto time = contract::parse_timestamp(*text);
    at = time.value_or(at);
    return time.has_value();
}

// Whole reports.
std::chrono::seconds step_for(std::chrono::milliseconds time) {
    const auto wanted = std::chrono::ceil<std::chrono::seconds>(time / spans_by_itself);
    const auto reports = (wanted.count() + step_min.count() - 1) / step_min.count();
    return std::clamp(step_min * reports, step_min, step_max);
}

}  // namespace

std::expected<HistoryQuery, std::string> read_history_query(std::string_view query, WallTime now) {
    if (auto foreign = foreign_parameter(query, {"from", "to", "step"})) return std::unexpected(*std::move(foreign));
    HistoryQuery result{.from = instances::kept_since(now), .until = now, .step = {}};
    if (!read_time(query, "to", result.until)) return refuse_parameter("to", time_form);
    result.from = result.until - instances::kept_for;
    if (!read_time(query, "from", result.from)) return refuse_parameter("from", time_form);
    if (result.from >= result.until) return refuse_parameter("from", "before to");
    if (result.until - result.from > 2 * instances::kept_for) {
        return std::unexpected(std::string("From and to are more than two days apart; rows are kept for one."));
    }
    result.step = step_for(result.until - result.from);
    if (const auto text = net::query_param(query, "step")) {
        const auto seconds = parse_natural(*text);
        if (!seconds || *seconds < step_min.count() || *seconds > step_max.count()) {
            return refuse_parameter("step", "a number of seconds from 10 to 86400");
        }
        result.step = std::chrono::seconds(*seconds);
    }
    if ((result.until - result.from) / result.step >= history_spans_max) {
        return std::unexpected(
            fmt::format("There would be more than {} spans: choose a longer step.", history_spans_max));
    }
    return result;
}

}  // namespace orderflow::api
