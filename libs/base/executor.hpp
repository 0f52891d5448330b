// Executor: where work runs and what wakes it. Threads are executors that are passed in; the simulation runs the same
// code on one executor with virtual time.
#pragma once

#include <cstdint>
#include <functional>

#include "libs/base/clock.hpp"

namespace orderflow {

// Runs functions one after another, never two at once: state that is only touched from one Executor needs no lock.
class Executor {
  public:
    using Work = std::move_only_function<void()>;
    enum class TimerId : std::uint64_t { none = 0 };

    virtual ~Executor() = default;

    // Queues work; never runs it inside the call. First in, first out. Any thread.
    virtual void post(Work work) = 0;

    // Runs work once at or after `at` (on the executor's own Clock). Any thread.
    virtual TimerId post_at(Instant at, Work work) = 0;

    // After it returns on the executor itself, the work will not start. From another thread it may be starting now.
    // Unknown and finished ids are ignored.
    virtual void cancel(TimerId id) = 0;
};

}  // namespace orderflow
