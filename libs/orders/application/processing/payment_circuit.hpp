// PaymentCircuit: when the provider fails many times in a row, orders stop calling it one after the other. While the
// circuit is open one order at a time is let through to probe, in turn, those first that have not tried since.
//
//   closed --open_after failures in a row--> open --any definite answer--> closed
//
// Failures of an outage are nobody's fault: while the circuit is open they are not counted against an order's retry
// budget, for `uncounted_for`. After that they are, so that a few orders that can never be paid do not look like an
// outage for ever.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <stop_token>

#include "libs/async/sleep.hpp"
#include "libs/orders/application/intake/loop_parts.hpp"

namespace orderflow::orders {

struct CircuitPolicy {
    std::uint32_t open_after = 10;                                  // failures in a row
    std::chrono::milliseconds probe_min = std::chrono::seconds(1);  // after opening; doubles with each failed probe
    std::chrono::milliseconds probe_max = std::chrono::seconds(30);
    std::chrono::milliseconds uncounted_for = std::chrono::minutes(15);
};

// For one loop.
class PaymentCircuit {
  public:
    PaymentCircuit(LoopParts loop, CircuitPolicy policy);
    PaymentCircuit(const PaymentCircuit&) = delete;
    PaymentCircuit& operator=(const PaymentCircuit&) = delete;

    enum class Turn : std::uint8_t {
        call,   // the circuit is closed
        probe,  // it is open and this is the one call that may be made
        stop,   // the wait was stopped: make no call
    };
    // Waits until a call may be made; each call or probe is followed by answered() or failed(). `tried`: this order
    // has failed since the circuit opened.
    task<Turn> enter(bool tried, std::stop_token stop);

    void answered();
    // True when the failure counts against the order's retry budget.
    bool failed(Turn turn);

    bool is_open() const noexcept { return open_; }
    // Nobody is here to make the probe that is due: new orders are let in until one does.
    bool needs_probe() const noexcept { return open_ && probe_due_; }
    // Rises when the circuit opens or closes and with each probe: a new order may be let in to be the next probe.
    std::uint64_t epoch() const noexcept { return epoch_; }
    // Called after each rise, on the loop.
    void on_change(std::function<void()> changed) { changed_ = std::move(changed); }

  private:
    struct Waiter {
        Waiter(Executor& timers, bool t) : signal(timers), tried(t) {}
        Signal signal;
        bool tried;
        bool may_probe = false;
    };

    void schedule_probe();
    void let_one_probe();
    void rise();

    LoopParts loop_;
    CircuitPolicy policy_;
    std::function<void()> changed_;
    bool open_ = false;
    bool probe_due_ = false;  // the time has come and nobody waited
    std::uint32_t failures_ = 0;
    std::uint64_t epoch_ = 0;
    Instant opened_at_{};
    Instant next_probe_{};
    std::chrono::milliseconds probe_wait_{};
    std::list<Waiter*> waiting_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // a timer may fire after the circuit is gone
};

}  // namespace orderflow::orders
