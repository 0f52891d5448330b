// Rows for tests.
#pragma once

#include <string>
#include <utility>

#include "libs/instances/instance_row.hpp"

namespace orderflow::instances::samples {

// 2026-01-01T00:00:00Z and so long after it.
inline WallTime at(std::chrono::milliseconds after) { return from_unix_ms(1'767'225'600'000) + after; }

// Ten seconds that end at `until`.
inline InstanceRow row(std::string id, Role role, WallTime until) {
    InstanceRow row;
    row.id = std::move(id);
    row.role = role;
    row.version = "1.2.3";
    row.started_at = at(std::chrono::milliseconds(0));
    row.from = until - reports_every;
    row.until = until;
    if (has_worker(role)) row.in_progress_max = 2048;
    return row;
}

inline InstanceRow api(std::string id, WallTime until, std::int64_t accepted = 0) {
    auto made = row(std::move(id), Role::api, until);
    made.figures.accepted = accepted;
    return made;
}

inline InstanceRow worker(std::string id, WallTime until, std::int64_t confirmed = 0) {
    auto made = row(std::move(id), Role::worker, until);
    made.figures.confirmed = confirmed;
    made.figures.received = confirmed;
    return made;
}

// Nothing in it is empty or zero.
inline InstanceRow full(std::string id, WallTime until) {
    auto made = row(std::move(id), Role::all, until);
    std::int64_t next = 1;
    for (const auto& count : figure_counts) made.figures.*count.member = next++;
    made.figures.accept.add(0.005, 7);
    made.figures.settle.add(60, 3);
    made.in_progress = 12;
    made.in_progress_max = 64;
    made.paused = true;
    made.queues = {
        {.queue = "orders", .visible = 9, .in_flight = 2, .delayed = 1, .oldest_age = std::chrono::seconds(4)},
        {.queue = "orders-dlq", .visible = 1, .in_flight = 0, .delayed = 0, .oldest_age = {}}};
    made.alarms = {
        {.name = "queue-old", .critical = true, .summary = "Old.", .since = until - std::chrono::seconds(60)}};
    made.last = true;
    return made;
}

}  // namespace orderflow::instances::samples
