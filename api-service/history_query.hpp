// The query of GET /v1/admin/overview/history.
#pragma once

#include <chrono>
#include <expected>
#include <string>
#include <string_view>

#include "libs/base/clock.hpp"

namespace orderflow::api {

// What one answer may hold.
inline constexpr int history_spans_max = 1500;

struct HistoryQuery {
    WallTime from;
    WallTime until;
    std::chrono::seconds step;
};

// The last day, and so many seconds that there are about 300 of them, when the query does not say otherwise; or a
// sentence about the parameter that is wrong. Pure.
std::expected<HistoryQuery, std::string> read_history_query(std::string_view query, WallTime now);

}  // namespace orderflow::api
