// AlarmSender: brings messages to a webhook, one after the other, with bounded patience. What cannot be brought is
// counted and dropped: the metric and the log have it, and a queue of old alarms helps nobody.
#pragma once

#include <deque>
#include <functional>
#include <string>

#include "libs/async/sleep.hpp"
#include "libs/async/task.hpp"
#include "libs/base/executor.hpp"
#include "libs/base/result.hpp"
#include "libs/observe/log.hpp"
#include "libs/observe/metrics.hpp"

namespace orderflow {

// For one loop.
class AlarmSender {
  public:
    static constexpr std::size_t waiting_max = 32;  // beyond, the oldest is dropped
    static constexpr int tries_max = 5;
    static constexpr BootClock::duration answer_time = 10s;  // of one try
    static constexpr BootClock::duration first_wait = 2s;    // before the second try; then four times as long each time

    // All outlive it. `metrics` gets its declarations here.
    struct Parts {
        Executor& timers;
        const Clock& clock;
        const observe::Logger& log;
        observe::Metrics& metrics;
    };
    // The HTTP status that a message was answered with; an error when there was no answer until the deadline.
    using Post = std::function<task<Result<int>>(std::string body, Instant deadline)>;

    AlarmSender(Parts parts, Post post);
    AlarmSender(const AlarmSender&) = delete;
    AlarmSender& operator=(const AlarmSender&) = delete;

    // To be sent by run().
    void send(std::string body);

    // Sends for ever; ends with its loop. This outlives it.
    task<void> run();

  private:
    task<void> bring(std::string body);

    Parts parts_;
    Post post_;
    Signal more_;
    std::deque<std::string> waiting_;
    observe::Counter& sent_;
    observe::Counter& failed_;
    observe::Counter& dropped_;
};

}  // namespace orderflow
