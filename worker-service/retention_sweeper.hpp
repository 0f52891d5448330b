// RetentionSweeper: looks in rounds for orders that are kept long enough, archives them and puts a tombstone in their
// place: first the archive is durable, then the order goes.
#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <vector>

#include "libs/async/gate.hpp"
#include "libs/orders/application/intake/loop_parts.hpp"
#include "libs/orders/ports/oldest_orders.hpp"
#include "libs/orders/ports/order_archive.hpp"
#include "libs/orders/ports/order_burial.hpp"
#include "libs/orders/ports/order_reader.hpp"
#include "worker-service/retention_observer.hpp"

namespace orderflow::worker {

struct RetentionPolicy {
    std::chrono::days keep;                  // after the last change of a terminal order
    std::chrono::seconds every = 1h;         // between rounds
    std::uint32_t group = 20;                // orders that are read, archived and buried before others have their turn
    std::chrono::milliseconds rest = 200ms;  // after each group: orders under way come first
};

// The time is that of the wall clock when it was made, carried on by the clock that does not jump: a wall clock that is
// set far forward meanwhile empties no store.
//
// For one loop; everything it is given outlives it. Several workers may sweep the same store, each with an archive of
// its own: an order may then stand in two.
class RetentionSweeper {
  public:
    struct Parts {
        orders::OldestOrders& oldest;
        orders::OrderReader& reader;
        orders::OrderBurial& burial;
        orders::OrderArchive& archive;
        RetentionObserver& observer;
    };
    RetentionSweeper(Parts parts, orders::LoopParts loop, RetentionPolicy policy);
    RetentionSweeper(const RetentionSweeper&) = delete;
    RetentionSweeper& operator=(const RetentionSweeper&) = delete;

    // Once. The first round begins at once.
    void start();
    // As HoldSweeper: ends after the order that is under way.
    void ask_to_stop() { stop_.request_stop(); }
    task<bool> stop(Instant until);

  private:
    task<void> run(Gate::Pass pass);
    // Both: an error ends the round; the next one begins from the front again.
    task<Result<void>> sweep(orders::OrderStatus status);
    task<Result<void>> archive(std::vector<orders::Order> due);
    WallTime cutoff() const;

    Parts parts_;
    orders::LoopParts loop_;
    RetentionPolicy policy_;
    WallTime made_at_;
    Instant made_;
    std::stop_source stop_;
    Gate gate_;
};

}  // namespace orderflow::worker
