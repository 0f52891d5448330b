// Waiting in a coroutine: for a time, or for a signal until a time.
#pragma once

#include <memory>
#include <stop_token>
#include <vector>

#include "libs/async/completion.hpp"
#include "libs/base/executor.hpp"

namespace orderflow {

enum class Woken : std::uint8_t { by_signal, by_time };

// Resumes at `until` (by_time), or at once when stop is requested (by_signal). `timers` must outlive the wait.
// A stop may be requested from any thread.
task<Woken> sleep_until(Executor& timers, Instant until, std::stop_token stop = {});

// Signal: coroutines wait, somebody notifies. A notification while nobody waits is kept (one), so that a wake-up
// between a check and the wait is not lost. For coroutines of one executor; notify() from that executor too.
class Signal {
  public:
    explicit Signal(Executor& timers) : timers_(timers) {}
    Signal(const Signal&) = delete;
    Signal& operator=(const Signal&) = delete;

    // Wakes every waiter, or is remembered for the next one.
    void notify();

    // Waits for notify() until `until`; stop counts as a notification.
    task<Woken> wait_until(Instant until, std::stop_token stop = {});

  private:
    struct Waiter;
    Executor& timers_;
    bool pending_ = false;
    std::vector<std::weak_ptr<Waiter>> waiters_;
};

}  // namespace orderflow
