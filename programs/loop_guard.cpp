#include "programs/loop_guard.hpp"

#include <chrono>
#include <utility>

#include "libs/async/sleep.hpp"

namespace orderflow {

LoopGuard::LoopGuard(Parts parts, std::function<std::uint64_t()> beats)
    : parts_(parts),
      beats_(std::move(beats)),
      silent_(parts.metrics.gauge("orderflow_worker_loop_silent_seconds",
                                  "Since the worker's event loop last came round; 0 while it turns.")),
      stalls_(parts.metrics.counter("orderflow_worker_loop_stalls_total",
                                    "Times the worker's event loop was silent for longer than it may be.")) {}

task<void> LoopGuard::watch(Executor& timers) {
    for (;;) {
        look();
        co_await sleep_until(timers, parts_.clock.now() + looks_every);
    }
}

void LoopGuard::look() {
    watch_.look(beats_(), parts_.clock.now());
    silent_.set(std::chrono::duration<double>(watch_.silent_for()).count());
    if (std::exchange(was_dead_, watch_.is_dead()) == watch_.is_dead()) return;
    if (watch_.is_dead()) {
        stalls_.add();
        parts_.log.error("worker.loop_silent", {{"advice", "/healthz is red: restart the process"}});
    } else {
        parts_.log.info("worker.loop_turns");
    }
}

std::optional<std::string> LoopGuard::why_not_alive() const {
    if (!watch_.is_dead()) return std::nullopt;
    return "The worker's loop has not come round for " +
           std::to_string(std::chrono::floor<std::chrono::seconds>(watch_.silent_for()).count()) + " s.";
}

}  // namespace orderflow
