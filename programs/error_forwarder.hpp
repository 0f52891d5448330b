// ErrorForwarder: brings events to an error tracker, one after the other, each once. What cannot be brought in time is
// counted and dropped: the log has it, and a tracker that is away must not be met by a flood when it is back.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "libs/async/sleep.hpp"
#include "libs/async/task.hpp"
#include "libs/base/executor.hpp"
#include "libs/base/result.hpp"
#include "libs/observe/log.hpp"
#include "libs/observe/metrics.hpp"

namespace orderflow {

// For one loop.
class ErrorForwarder {
  public:
    static constexpr std::size_t waiting_max = 64;  // beyond, what comes is dropped: the first tells the most
    static constexpr BootClock::duration answer_time = 5s;
    // A tracker that wants to be left alone and does not say for how long; and the longest that it is heeded.
    static constexpr BootClock::duration usual_rest = 60s;
    static constexpr BootClock::duration longest_rest = 1h;
    static constexpr BootClock::duration told_every = 60s;  // a tracker that takes nothing

    // All outlive it. `metrics` gets its declarations here.
    struct Parts {
        Executor& timers;
        const Clock& clock;
        const observe::Logger& log;
        observe::Metrics& metrics;
    };
    struct Answer {
        explicit Answer(int s) : status(s) {}
        int status;
        std::optional<BootClock::duration> retry_after;
        std::optional<BootClock::duration> limit;  // of errors, whatever the status
    };
    // An error when there was no answer until the deadline.
    using Post = std::function<task<Result<Answer>>(std::string envelope, Instant deadline)>;

    ErrorForwarder(Parts parts, Post post);
    ErrorForwarder(const ErrorForwarder&) = delete;
    ErrorForwarder& operator=(const ErrorForwarder&) = delete;

    // To be sent by run().
    void send(std::string envelope);

    // Sends for ever; ends with its loop. This outlives it.
    task<void> run();

  private:
    task<void> bring(std::string envelope);
    void rest(const Answer& answer);
    void tell_failure(const Result<Answer>& answer);

    Parts parts_;
    Post post_;
    Signal more_;
    std::deque<std::string> waiting_;
    std::optional<Instant> rests_until_;
    std::optional<Instant> told_at_;
    observe::Counter& sent_;
    observe::Counter& failed_;
    observe::Counter& limited_;
    observe::Counter& dropped_;
};

}  // namespace orderflow
