// HoldSweeper: looks in rounds for orders that stand longer than they may (HoldLimits), and sends the command that
// takes each on. It decides and writes nothing itself: the command is a durable message like any other.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "libs/async/gate.hpp"
#include "libs/orders/application/intake/loop_parts.hpp"
#include "libs/orders/ports/message_queue.hpp"
#include "libs/orders/ports/order_reader.hpp"
#include "worker-service/worker_config.hpp"
#include "worker-service/worker_observer.hpp"

namespace orderflow::worker {

// The time is that of the wall clock when it was made, carried on by the clock that does not jump: a wall clock that is
// set far forward meanwhile ends no hold.
//
// For one loop; everything it is given outlives it. Several workers may sweep the same store: a command that comes
// twice is taken once.
class HoldSweeper {
  public:
    struct Parts {
        orders::OrderReader& reader;
        orders::MessageQueue& orders;
        orders::MessageQueue& commands;
        WorkerObserver& observer;
    };
    HoldSweeper(Parts parts, orders::LoopParts loop, SweepPolicy policy);
    HoldSweeper(const HoldSweeper&) = delete;
    HoldSweeper& operator=(const HoldSweeper&) = delete;

    // Once. The first round begins at once.
    void start();
    // Begins no further page, and ends the wait for the next round. Idempotent.
    void ask_to_stop() { stop_.request_stop(); }
    // ask_to_stop(), then waits until nothing of it runs any more. False when `until` came first: then a call into a
    // port is under way, and the loop has to be stopped before this is destroyed. Idempotent.
    task<bool> stop(Instant until);

  private:
    // A message that takes an order on.
    struct Due {
        orders::OrderId order;
        std::string body;
    };
    // What an order was found in. A new status is a new matter: what was sent for the old one says nothing about it.
    using Stand = std::pair<orders::OrderId, orders::OrderStatus>;

    task<void> run(Gate::Pass pass);
    task<void> sweep(orders::OrderStatus status);
    std::optional<std::string> overdue(const orders::Order& order) const;
    task<bool> send(orders::OrderStatus status, std::vector<Due> due);
    void forget_old();
    WallTime now() const;

    Parts parts_;
    orders::LoopParts loop_;
    SweepPolicy policy_;
    WallTime made_at_;
    Instant made_;
    std::map<orders::OrderStatus, orders::OrderId> behind_;  // where a round that was too long goes on
    std::map<Stand, Instant> not_before_;                    // of those that were sent: when again at the earliest
    std::stop_source stop_;
    Gate gate_;
};

}  // namespace orderflow::worker
