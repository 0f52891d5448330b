// SpanExporter: sends finished spans to a collector, in batches, with bounded patience. What cannot be sent is counted
// and dropped; nothing waits for it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "libs/async/gate.hpp"
#include "libs/async/sleep.hpp"
#include "libs/async/task.hpp"
#include "libs/base/entropy.hpp"
#include "libs/base/executor.hpp"
#include "libs/base/result.hpp"
#include "libs/observe/log.hpp"
#include "libs/observe/metrics.hpp"
#include "libs/observe/otlp_json.hpp"
#include "libs/observe/span_queue.hpp"

namespace orderflow {

// For one loop.
class SpanExporter {
  public:
    static constexpr std::size_t waiting_max = 16'384;  // spans; about a KiB each
    static constexpr std::size_t batch_max = 512;
    // Of one request, 5 MB: what X-Ray's endpoint takes, with 10,000 spans. A batch that is larger is halved.
    static constexpr std::size_t request_bytes_max = 5'000'000;
    static constexpr BootClock::duration batch_wait = 1s;  // for more spans; a full batch goes at once
    static constexpr int tries_max = 5;
    // Before another try: anything up to first_wait, doubled each time (full jitter), or what Retry-After wants, up to
    // longest_wait.
    static constexpr BootClock::duration first_wait = 1s;
    static constexpr BootClock::duration longest_wait = 60s;
    static constexpr BootClock::duration told_every = 60s;  // a collector that does not take spans

    // All outlive it. `metrics` gets its declarations here.
    struct Parts {
        Executor& timers;
        const Clock& clock;
        Entropy& entropy;
        const observe::Logger& log;
        observe::Metrics& metrics;
    };
    struct Answer {
        explicit Answer(int s) : status(s) {}
        int status;
        std::optional<BootClock::duration> retry_after;
        std::uint64_t rejected = 0;  // spans that the collector did not want
    };
    // An error when there was no answer until the deadline.
    using Post = std::function<task<Result<Answer>>(std::string body, Instant deadline)>;

    // `answer_time`: of one try. `spans`, and what `post` refers to, outlive it.
    SpanExporter(Parts parts, observe::SpanQueue& spans, observe::ResourceAttributes resource,
                 BootClock::duration answer_time, Post post);
    SpanExporter(const SpanExporter&) = delete;
    SpanExporter& operator=(const SpanExporter&) = delete;

    // Counts what SpanQueue drops.
    static observe::Counter& dropped_before_sending(observe::Metrics& metrics);

    // Sends until finish(). Once.
    task<void> run();
    // A whole batch waits.
    void hurry() { more_.notify(); }
    // Sends what waits, each batch once; what is left at the deadline, or when a batch could not be sent, is dropped.
    task<void> finish(Instant deadline);

  private:
    enum class End : std::uint8_t { sent, refused, not_sent };
    task<End> bring(std::vector<observe::SpanRecord> batch);
    task<End> bring_request(std::string body, std::size_t spans);
    bool may_help_again(const Result<Answer>& answer) const;
    BootClock::duration pause_before(int tries, const Result<Answer>& answer);
    void tell_failure(const Result<Answer>& answer, std::size_t spans);

    Parts parts_;
    observe::SpanQueue& spans_;
    observe::ResourceAttributes resource_;
    BootClock::duration answer_time_;
    Post post_;
    Signal more_;
    Gate gate_;
    std::stop_source stop_;
    Instant end_ = Instant::max();
    std::size_t under_way_ = 0;  // spans of the batch that is being sent, as long as nobody has counted them
    std::optional<Instant> told_at_;
    observe::Counter& sent_;
    observe::Counter& refused_;
    observe::Counter& not_sent_;
};

}  // namespace orderflow
