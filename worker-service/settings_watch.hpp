// SettingsWatch: looks every two seconds at what operators have told all workers, and has this worker do it.
#pragma once

#include <optional>
#include <stop_token>

#include "libs/async/gate.hpp"
#include "libs/orders/application/intake/loop_parts.hpp"
#include "libs/orders/domain/worker_settings.hpp"
#include "libs/orders/ports/operator_reader.hpp"
#include "worker-service/worker_service.hpp"

namespace orderflow::worker {

// For the loop of the worker; everything it is given outlives it.
class SettingsWatch {
  public:
    static constexpr BootClock::duration looks_every = 2s;
    // What stands is worth waiting for before the first message is received. A store that does not answer in this time
    // does not take orders either.
    static constexpr BootClock::duration first_look = 2s;

    SettingsWatch(orders::OperatorReader& reader, WorkerService& worker, orders::LoopParts loop);
    SettingsWatch(const SettingsWatch&) = delete;
    SettingsWatch& operator=(const SettingsWatch&) = delete;

    // Once, before the worker's start(). Returns when the settings were read and hold, or after `first_look`.
    task<void> start();
    // Looks now. Returns when the settings were read and hold, or after `first_look`.
    task<void> refresh();
    // Tells the worker nothing more, and ends the wait for the next look. Idempotent.
    void ask_to_stop() { stop_.request_stop(); }
    // ask_to_stop(), then waits until nothing of it runs any more. False when `until` came first: then a call into the
    // store is under way, and the loop has to be stopped before this is destroyed. Idempotent.
    task<bool> stop(Instant until);

  private:
    task<void> run(Gate::Pass pass);
    task<bool> look();
    task<bool> look_once(Gate::Pass pass);

    orders::OperatorReader& reader_;
    WorkerService& worker_;
    orders::LoopParts loop_;
    std::optional<orders::WorkerSettings> known_;
    std::stop_source stop_;
    Gate gate_;
};

}  // namespace orderflow::worker
