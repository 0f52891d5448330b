// InstanceReporter: a row of what this program did, every ten seconds, to where rows are kept. On a thread of its own,
// so that a busy program is not taken for one that is gone.
#pragma once

#include <deque>
#include <functional>
#include <future>
#include <optional>
#include <stop_token>
#include <vector>

#include "libs/alarms/alarm_rule.hpp"
#include "libs/async/gate.hpp"
#include "libs/base/entropy.hpp"
#include "libs/base/result.hpp"
#include "libs/instances/instance_row.hpp"
#include "libs/net/runtime.hpp"
#include "libs/observe/log.hpp"
#include "libs/observe/metrics.hpp"

namespace orderflow {

// Collects what is to be reported. Pure but for the metrics it reads; for one executor.
class ReportedRows {
  public:
    // Rows that were not delivered are delivered later, as long as they are news (instances::late_max); further ones
    // push the oldest out.
    static constexpr std::size_t waiting_max = 30;

    // `metrics` outlives it. `pattern`: id, role, version and start of the program; its end is now.
    ReportedRows(const observe::Metrics& metrics, std::vector<alarms::AlarmRule> rules, instances::InstanceRow pattern);

    // What was counted since the last row, or since the start of the program.
    instances::InstanceRow next(WallTime now);

    void wait(instances::InstanceRow row);
    std::deque<instances::InstanceRow>& waiting() noexcept { return waiting_; }

  private:
    const observe::Metrics& metrics_;
    std::vector<alarms::AlarmRule> rules_;
    instances::InstanceRow row_;  // the last one
    instances::Figures totals_;   // at its end
    std::deque<instances::InstanceRow> waiting_;
};

class InstanceReporter {
  public:
    // All outlive it.
    struct Parts {
        const Clock& clock;
        Entropy& entropy;
        const observe::Logger& log;
        const observe::Metrics& metrics;
    };
    struct Work {
        // Says what the program knows beside its metrics: queues, what is in progress.
        std::function<task<instances::InstanceRow>(instances::InstanceRow row)> complete{};
        std::function<task<Result<void>>(instances::InstanceRow row)> deliver{};
        // After each report, whether or not it was delivered.
        std::function<task<void>()> then{};
    };
    // Of each call of the work; what takes longer is tried again with the next row.
    static constexpr BootClock::duration patience = 5s;

    // The rules of the alarms that this program has. Errors: of the alarms that are built in, a fault of the build.
    static Result<std::vector<alarms::AlarmRule>> rules_of(instances::Role role);

    // Outlives what `work` will refer to: a call that was given up may still hold something of this.
    InstanceReporter(Parts parts, instances::Role role, std::vector<alarms::AlarmRule> rules);
    // stop() without time.
    ~InstanceReporter();
    InstanceReporter(const InstanceReporter&) = delete;
    InstanceReporter& operator=(const InstanceReporter&) = delete;

    // Once. What `work` calls answers from any executor until stop().
    void start(Work work);

    // Reports for the last time, until `deadline` at the latest. Idempotent. Blocks. Nothing of `work` is called any
    // more afterwards.
    void stop(Instant deadline);

  private:
    task<void> report_for_ever(Gate::Pass pass);
    task<void> report(bool last, Instant until);
    // `done` outlives it: the caller waits.
    task<void> stop_on_loop(Instant deadline, std::promise<void>& done);
    task<bool> run_then();
    void tell(const Result<void>& delivered);

    Parts parts_;
    ReportedRows rows_;
    Work work_;
    bool failing_ = false;  // on the loop
    bool started_ = false;
    bool stopped_ = false;
    std::stop_source stop_;
    std::optional<Gate> gate_;  // of the loop
    net::Runtime loop_;         // last: its coroutines refer to everything above
};

}  // namespace orderflow
