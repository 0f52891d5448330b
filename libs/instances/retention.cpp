#include "libs/instances/retention.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace orderflow::instances {
namespace {

void take_larger(QueueLevel& level, const QueueLevel& other) {
    level.visible = std::max(level.visible, other.visible);
    level.in_flight = std::max(level.in_flight, other.in_flight);
    level.delayed = std::max(level.delayed, other.delayed);
    level.oldest_age = std::max(level.oldest_age, other.oldest_age);
}

// `into` is earlier.
void join(InstanceRow& into, InstanceRow&& row) {
    row.from = std::min(into.from, row.from);
    row.figures += into.figures;
    row.in_progress = std::max(into.in_progress, row.in_progress);
    for (auto& level : into.queues) {
        const auto same = std::ranges::find(row.queues, level.queue, &QueueLevel::queue);
        if (same == row.queues.end()) {
            row.queues.push_back(std::move(level));
        } else {
            take_larger(*same, level);
        }
    }
    for (auto& alarm : into.alarms) {
        if (std::ranges::find(row.alarms, alarm.name, &ActiveAlarm::name) == row.alarms.end()) {
            row.alarms.push_back(std::move(alarm));
        }
    }
    into = std::move(row);
}

}  // namespace

std::vector<InstanceRow> thinned(std::vector<InstanceRow> rows) {
    std::ranges::sort(rows, {}, [](const InstanceRow& row) { return std::tuple(row.until, row.id); });
    std::map<std::pair<WallTime, std::string>, InstanceRow> minutes;
    for (auto& row : rows) {
        const WallTime minute = std::chrono::floor<std::chrono::minutes>(row.until);
        const auto key = std::pair(minute, row.id);
        const auto known = minutes.find(key);
        if (known == minutes.end()) {
            minutes.emplace(key, std::move(row));
        } else {
            join(known->second, std::move(row));
        }
    }
    std::vector<InstanceRow> result;
    result.reserve(minutes.size());
    for (auto& [key, row] : minutes) result.push_back(std::move(row));
    std::ranges::sort(result, {}, [](const InstanceRow& row) { return std::tuple(row.until, row.id); });
    return result;
}

}  // namespace orderflow::instances
