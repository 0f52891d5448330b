// FingerprintLookup: asks the store which order it has under a key, for many requests in one read. While a read is
// under way, later requests collect for the next one.
//
// It must never stand in the way of taking orders: a store that is down or slow is passed over, and then left alone
// for a moment. What slips through is seen by the worker (order.conflict).
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "libs/async/gate.hpp"
#include "libs/async/task.hpp"
#include "libs/orders/application/intake/intake_observer.hpp"
#include "libs/orders/application/intake/loop_parts.hpp"
#include "libs/orders/ports/order_reader.hpp"

namespace orderflow::orders {

struct LookupPolicy {
    std::size_t ids_max = 500;             // per read
    BootClock::duration patience = 250ms;  // of one request
    BootClock::duration rest = 1s;         // without reads after one that failed or took too long
};

// For one loop. The reader and the observer outlive it.
class FingerprintLookup {
  public:
    FingerprintLookup(OrderReader& reader, LoopParts loop, LookupPolicy policy, IntakeObserver& observer);

    // The fingerprint of the stored order or its tombstone; nothing when there is none or the store cannot say.
    task<std::optional<Fingerprint>> find(OrderId id);

    // Begins no more reads and waits for the one under way. False when `until` came first. To be called before
    // destruction; requests that still wait are answered after their patience.
    task<bool> drain_until(Instant until) { co_return co_await gate_.drain_until(until); }

  private:
    struct Waiting;
    using WaitingRef = std::shared_ptr<Waiting>;

    task<void> read_all(Gate::Pass pass);
    std::vector<WaitingRef> take_batch();
    void give_up(const WaitingRef& waiting);
    void answer(Waiting& waiting, std::optional<Fingerprint> found);

    OrderReader& reader_;
    LoopParts loop_;
    LookupPolicy policy_;
    IntakeObserver& observer_;
    std::deque<WaitingRef> waiting_;
    bool reading_ = false;
    Instant rest_until_{};
    Gate gate_;
};

}  // namespace orderflow::orders
