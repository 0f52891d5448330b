// ObservedWorker: the worker's metrics and log lines.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>

#include "libs/observe/log.hpp"
#include "libs/observe/metrics.hpp"
#include "worker-service/worker_observer.hpp"

namespace orderflow::worker {

// Log lines name orders by id, messages by id and errors by code; bodies are never logged, and error details only of
// calls to a queue, which hold addresses and what the system says of them.
class ObservedWorker final : public WorkerObserver {
  public:
    // A queue that fails is told of when it begins, once in so long, and when it answers again.
    static constexpr BootClock::duration failures_told_every = 30s;

    // All outlive it. `metrics` gets its declarations here.
    ObservedWorker(observe::Metrics& metrics, const observe::Logger& log, const Clock& clock);

    void received(std::string_view queue, std::size_t messages) override;
    void in_progress(std::string_view queue, std::size_t messages) override;
    void processed(const MessageReport& report) override;
    void queue_failed(std::string_view queue, std::string_view call, const Error& why) override;
    void queue_answered(std::string_view queue, std::string_view call) override;
    void lease_lost(std::string_view queue) override;
    void receives_stalled(std::string_view queue, std::size_t receives) override;
    void paused(std::string_view queue, bool is_paused) override;
    void payment_circuit(bool open) override;
    void threw(std::string_view queue, std::string_view what) override;
    void group_applied(std::size_t changes, BootClock::duration took) override;
    void store_down(const Error& why) override;
    void store_up() override;

  private:
    struct Failing {
        bool now = false;
        std::optional<Instant> told_at{};
        std::uint64_t untold = 0;  // failures since
    };
    struct OfQueue {
        OfQueue(observe::Metrics& metrics, const std::string& name);
        observe::Counter& received;
        observe::Gauge& in_progress;
        observe::Histogram& processing;
        observe::Counter& removed;
        observe::Counter& retried;
        observe::Counter& given_back;
        observe::Counter& dead_letters;
        observe::Counter& dropped;
        observe::Counter& receive_errors;
        observe::Counter& remove_errors;
        observe::Counter& visibility_errors;
        observe::Counter& leases_lost;
        observe::Gauge& paused;
        observe::Gauge& stalled;
        observe::Counter& stalls;
        observe::Counter& exceptions;
        std::size_t stalled_before = 0;
        std::map<std::string, Failing, std::less<>> calls{};
    };

    OfQueue& of(std::string_view queue);
    void settled(const MessageReport& report);
    void log_report(const MessageReport& report) const;

    const observe::Logger& log_;
    const Clock& clock_;
    observe::Metrics& metrics_;
    std::map<std::string, OfQueue, std::less<>> queues_;
    std::array<observe::Counter*, 4> settled_;
    observe::Histogram& time_to_settled_;
    observe::Histogram& group_changes_;
    observe::Histogram& group_seconds_;
    observe::Gauge& store_down_;
    observe::Gauge& circuit_open_;
};

}  // namespace orderflow::worker
