#include "libs/instances/overview.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace orderflow::instances {
namespace {

constexpr double ms_per_minute = 60'000;
constexpr std::chrono::milliseconds reports_every_ms = reports_every;

// What one instance did in the rows of the recent time.
struct Recent {
    Figures figures;
    std::chrono::milliseconds covered{};
};

using RecentById = std::map<std::string, Recent, std::less<>>;

RecentById recent_of(std::span<const InstanceRow> rows, WallTime now) {
    RecentById by_id;
    for (const auto& row : rows) {
        if (row.until <= now - recent - reports_every) continue;
        auto& one = by_id[row.id];
        one.figures += row.figures;
        one.covered += row.until - row.from;
    }
    return by_id;
}

void add_rate(Figures& to, const Recent& one) {
    if (one.covered.count() <= 0) return;
    // The first report covers a moment: one answer in a millisecond is no rate of 60,000 a minute.
    const auto factor = ms_per_minute / static_cast<double>(std::max(one.covered, reports_every_ms).count());
    for (const auto& count : figure_counts) {
        to.*count.member += std::llround(static_cast<double>(one.figures.*count.member) * factor);
    }
}

Pace pace_of(const std::vector<InstanceState>& instances, const RecentById& by_id) {
    Pace pace;
    for (const auto& instance : instances) {
        const auto found = by_id.find(instance.row.id);
        if (found == by_id.end()) continue;
        pace.figures += found->second.figures;
        pace.covered = std::max(pace.covered, found->second.covered);
        if (instance.life == Life::live) add_rate(pace.per_minute, found->second);
    }
    return pace;
}

void raise(std::vector<RaisedAlarm>& alarms, const ActiveAlarm& alarm, const std::string& instance) {
    auto known = std::ranges::find(alarms, alarm.name, [](const RaisedAlarm& one) { return one.alarm.name; });
    if (known == alarms.end()) known = alarms.insert(alarms.end(), RaisedAlarm{alarm, {}});
    known->alarm.since = std::min(known->alarm.since, alarm.since);
    known->alarm.critical |= alarm.critical;
    if (!instance.empty()) known->instances.push_back(instance);
}

// What no single instance can tell: that nobody takes the orders that wait. Commands say nothing of it: each instance's
// row is one.
std::optional<ActiveAlarm> worker_silent(const Overview& overview, bool paused, WallTime now) {
    ActiveAlarm alarm{.name = "worker-silent", .critical = true, .summary = {}, .since = now};
    std::optional<WallTime> last_seen;
    bool lives = false;
    for (const auto& [row, life] : overview.instances) {
        if (!has_worker(row.role)) continue;
        lives |= life == Life::live;
        last_seen = std::max(last_seen.value_or(row.until), row.until);
    }
    if (!lives) {
        alarm.summary = "No worker reports: orders wait, and nobody writes what the other programs report.";
        alarm.since = last_seen.value_or(now);
        return alarm;
    }
    const bool waits = std::ranges::any_of(
        overview.queues, [](const QueueLevel& level) { return level.queue == "orders" && level.visible > 0; });
    if (paused || !waits || overview.pace.covered < recent || overview.pace.figures.received > 0) return std::nullopt;
    alarm.summary = "Orders wait, and nobody has received one for a minute.";
    alarm.since = now - recent;
    return alarm;
}

// Of queues that nobody asked just now: as the live worker that reported last saw them.
void add_seen(std::vector<QueueLevel>& queues, const std::vector<InstanceState>& instances) {
    for (const auto& [row, life] : instances) {
        if (life != Life::live) continue;
        for (const auto& level : row.queues) {
            if (std::ranges::find(queues, level.queue, &QueueLevel::queue) == queues.end()) queues.push_back(level);
        }
    }
}

void take_larger(std::vector<QueueLevel>& queues, const QueueLevel& level) {
    const auto known = std::ranges::find(queues, level.queue, &QueueLevel::queue);
    if (known == queues.end()) {
        queues.push_back(level);
        return;
    }
    known->visible = std::max(known->visible, level.visible);
    known->in_flight = std::max(known->in_flight, level.in_flight);
    known->delayed = std::max(known->delayed, level.delayed);
    known->oldest_age = std::max(known->oldest_age, level.oldest_age);
}

}  // namespace

Overview overview_of(std::vector<InstanceRow> newest, std::span<const InstanceRow> rows, std::vector<QueueLevel> queues,
                     bool paused, WallTime now) {
    Overview overview{.at = now, .pace = {}, .queues = std::move(queues), .alarms = {}, .instances = {}};
    for (auto& row : newest) {
        const auto life = life_of(row, now);
        overview.instances.push_back({std::move(row), life});
    }
    overview.pace = pace_of(overview.instances, recent_of(rows, now));
    add_seen(overview.queues, overview.instances);
    for (const auto& [row, life] : overview.instances) {
        if (life != Life::live) continue;
        overview.in_progress += row.in_progress;
        for (const auto& alarm : row.alarms) raise(overview.alarms, alarm, row.id);
    }
    if (const auto alarm = worker_silent(overview, paused, now)) raise(overview.alarms, *alarm, {});
    return overview;
}

History::History(WallTime from, WallTime until, std::chrono::milliseconds step) : from_(from), step_(step) {
    for (auto at = from; at < until; at += step) spans_.push_back({.from = at, .until = std::min(at + step, until)});
    instances_.resize(spans_.size());
}

void History::add(std::span<const InstanceRow> rows) {
    for (const auto& row : rows) {
        if (row.until <= from_ || spans_.empty() || row.until > spans_.back().until) continue;
        // A row that ends where a span ends is in it.
        const auto place = static_cast<std::size_t>((row.until - from_ - std::chrono::milliseconds(1)) / step_);
        auto& span = spans_[place];
        span.figures += row.figures;
        for (const auto& level : row.queues) take_larger(span.queues, level);
        for (const auto& alarm : row.alarms) {
            const auto at = std::ranges::lower_bound(span.alarms, alarm.name);
            if (at == span.alarms.end() || *at != alarm.name) span.alarms.insert(at, alarm.name);
        }
        auto& seen = instances_[place];
        const auto known = std::ranges::find(seen, row.id, &std::pair<std::string, std::int64_t>::first);
        if (known == seen.end()) {
            seen.emplace_back(row.id, row.in_progress);
        } else {
            known->second = std::max(known->second, row.in_progress);
        }
    }
}

std::vector<Span> History::take() && {
    for (std::size_t i = 0; i < spans_.size(); ++i) {
        spans_[i].instances = static_cast<std::int64_t>(instances_[i].size());
        for (const auto& [id, in_progress] : instances_[i]) spans_[i].in_progress += in_progress;
    }
    return std::move(spans_);
}

}  // namespace orderflow::instances
