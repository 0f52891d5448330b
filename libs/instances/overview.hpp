// Overview: the state of the whole system, summed over its instances; and what it did over time. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "libs/instances/instance_row.hpp"
#include "libs/instances/liveness.hpp"

namespace orderflow::instances {

// Rates and percentiles are those of this time.
inline constexpr std::chrono::seconds recent{60};

struct Pace {
    Figures figures{};                    // of what the rows cover
    std::chrono::milliseconds covered{};  // by the instance that covers most
    // The counts as what all live instances together did a minute.
    Figures per_minute{};
};

struct RaisedAlarm {
    ActiveAlarm alarm{};                   // `since`: the earliest
    std::vector<std::string> instances{};  // ids; empty: judged from the rows of all
};

struct InstanceState {
    InstanceRow row{};  // the last one
    Life life = Life::live;
};

struct Overview {
    WallTime at{};
    Pace pace{};
    std::vector<QueueLevel> queues{};
    std::int64_t in_progress = 0;  // messages, of all live workers
    std::vector<RaisedAlarm> alarms{};
    std::vector<InstanceState> instances{};
};

// `newest`: the last row of each instance; `rows`: of the last minute and a report (recent + reports_every). `queues`:
// what was asked of queues just now; those that are not among them are told as the workers saw them last. `paused`: by
// an operator's command.
Overview overview_of(std::vector<InstanceRow> newest, std::span<const InstanceRow> rows, std::vector<QueueLevel> queues,
                     bool paused, WallTime now);

// A part of the history: what was done after `from` and up to `until`.
struct Span {
    WallTime from{};
    WallTime until{};
    Figures figures{};
    std::int64_t in_progress = 0;       // the most that was, all workers together
    std::vector<QueueLevel> queues{};   // the most that was
    std::vector<std::string> alarms{};  // names, sorted
    std::int64_t instances = 0;         // that reported
};

// Rows, in any number of calls, summed into spans of `step` from `from` to `until`; a row is in the span it ends in.
class History {
  public:
    // (until - from) / step is the number of spans, the last one may be shorter. from < until, step > 0.
    History(WallTime from, WallTime until, std::chrono::milliseconds step);
    void add(std::span<const InstanceRow> rows);
    std::vector<Span> take() &&;

  private:
    WallTime from_;
    std::chrono::milliseconds step_;
    std::vector<Span> spans_;
    // The most that each instance had in progress, and who reported, by span.
    std::vector<std::vector<std::pair<std::string, std::int64_t>>> instances_;
};

}  // namespace orderflow::instances
