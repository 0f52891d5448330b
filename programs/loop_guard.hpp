// LoopGuard: watches the worker's loop from the loop of the status server, for /healthz, metrics and log.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "libs/async/task.hpp"
#include "libs/base/executor.hpp"
#include "libs/observe/log.hpp"
#include "libs/observe/metrics.hpp"
#include "worker-service/loop_watch.hpp"

namespace orderflow {

// For one loop, another than the one it watches.
class LoopGuard {
  public:
    static constexpr BootClock::duration looks_every = 1s;
    // Nothing that the worker's loop does takes seconds. Longer than a disk or a machine that stutters.
    static constexpr BootClock::duration silence_max = 30s;

    // All outlive it.
    struct Parts {
        const Clock& clock;
        const observe::Logger& log;
        observe::Metrics& metrics;
    };
    // `beats`: from any thread; rises at least once in `looks_every` while the loop turns.
    LoopGuard(Parts parts, std::function<std::uint64_t()> beats);

    // Looks for ever; ends with its loop. `timers` and this outlive it.
    task<void> watch(Executor& timers);

    // Restarting is the only cure for a loop that is dead: an orchestrator does it when this is not nothing.
    std::optional<std::string> why_not_alive() const;

  private:
    void look();

    Parts parts_;
    std::function<std::uint64_t()> beats_;
    worker::LoopWatch watch_{looks_every, silence_max};
    bool was_dead_ = false;
    observe::Gauge& silent_;
    observe::Counter& stalls_;
};

}  // namespace orderflow
