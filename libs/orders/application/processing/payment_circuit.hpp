// PaymentCircuit: when the provider fails, orders stop calling it one after the other. While the circuit is open a few
// orders probe in each round: some that nobody tried yet, whoever is before them, and some that have failed.
//
//   closed --open_after failures in a row--> open --any definite answer--> closed
//
// One order's failures are not an outage. Whoever failed while another was answered fails by itself: for
// `own_fault_for` its failures do not open the circuit again (but `open_after_any` in a row do, whoever they are of),
// it spends its own retry budget and waits out its own backoff.
//
// Failures of an outage are nobody's fault: while the circuit is open they are not counted against an order's retry
// budget, for `uncounted_for`. After that one of them is, every `counted_every`, so that a few orders that can never be
// paid, with nobody else about, do not look like an outage for ever.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <set>
#include <stop_token>
#include <utility>

#include "libs/async/sleep.hpp"
#include "libs/orders/application/intake/loop_parts.hpp"
#include "libs/orders/domain/ids.hpp"

namespace orderflow::orders {

struct CircuitPolicy {
    std::uint32_t open_after = 10;       // failures in a row, of orders that do not fail by themselves
    std::uint32_t open_after_any = 100;  // failures in a row, of any orders
    std::chrono::milliseconds own_fault_for = std::chrono::minutes(1);
    // A round lets so many orders probe: of those that nobody has tried and of those that have failed. With probe_max
    // it is what a provider that is down has to bear, whatever the backlog: one order a second.
    std::uint32_t new_probes = 3;
    std::uint32_t tried_probes = 2;
    std::chrono::milliseconds probe_min = std::chrono::seconds(1);  // from opening to the first round; then it doubles
    std::chrono::milliseconds probe_max = std::chrono::seconds(5);
    std::chrono::milliseconds uncounted_for = std::chrono::minutes(15);
    std::chrono::milliseconds counted_every = std::chrono::seconds(30);
};

// For one loop.
class PaymentCircuit {
  public:
    PaymentCircuit(LoopParts loop, CircuitPolicy policy);
    PaymentCircuit(const PaymentCircuit&) = delete;
    PaymentCircuit& operator=(const PaymentCircuit&) = delete;

    enum class Turn : std::uint8_t {
        call,   // the circuit is closed
        probe,  // it is open and this is one of the few calls that may be made
        stop,   // the wait was stopped: make no call
    };
    // Waits until a call may be made; each call or probe is followed by answered() or failed().
    task<Turn> enter(OrderId order, std::stop_token stop);

    void answered(const OrderId& order);
    // True when the failure counts against the order's retry budget; else the order is to enter again.
    bool failed(const OrderId& order);

    bool is_open() const noexcept { return open_; }
    // While it is open: how many of `wanted` orders may be received, to be probes of this round.
    std::size_t invite(std::size_t wanted);
    // Called on the loop when the circuit opens or closes and when there is somebody to invite.
    void on_change(std::function<void()> changed) { changed_ = std::move(changed); }

  private:
    struct Waiter {
        Waiter(Executor& timers, bool t) : signal(timers), tried(t) {}
        Signal signal;
        bool tried;
        bool may_probe = false;
    };

    bool has_failed(const OrderId& order) const;
    void open();
    bool counts_while_open();
    void schedule_round();
    void begin_round();
    std::uint32_t let_probe(bool tried, std::uint32_t most);
    void convict_all_but(const OrderId& answered);
    void forget_old_convictions();
    void changed() const;

    LoopParts loop_;
    CircuitPolicy policy_;
    std::function<void()> changed_;
    bool open_ = false;
    std::uint32_t failures_ = 0;            // since an answer, of orders that do not fail by themselves
    std::uint32_t any_failures_ = 0;        // since an answer
    std::set<OrderId> failed_;              // since an answer
    std::map<OrderId, Instant> convicted_;  // fail by themselves, until then
    std::deque<std::pair<Instant, OrderId>> convictions_;
    std::uint32_t free_probes_ = 0;  // of this round, for orders that come and were not tried
    std::size_t invitations_ = 0;
    Instant opened_at_{};
    Instant next_round_{};
    Instant next_counted_{};
    std::chrono::milliseconds probe_wait_{};
    std::list<Waiter*> waiting_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // a timer may fire after the circuit is gone
};

}  // namespace orderflow::orders
