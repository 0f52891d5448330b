// LeaseKeeper: holds the leases of messages in progress by extending their visibility timeout before it ends.
//
// Per receipt one operation at a time: release() waits for an extension that is under way, and none follows it, so that
// a late extension can never undo a delete or a backoff.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>

#include "libs/async/sleep.hpp"
#include "libs/orders/application/intake/loop_parts.hpp"
#include "libs/orders/ports/message_queue.hpp"
#include "worker-service/worker_config.hpp"

namespace orderflow::worker {

// For one loop. Every lease is released before the keeper ends.
class LeaseKeeper {
  public:
    enum class Lease : std::uint64_t {};
    // Makes the receipt's timeout run from now on again; durable when it returns.
    using Extend = std::function<task<Result<void>>(orders::ReceiptHandle, std::chrono::seconds)>;

    LeaseKeeper(orders::LoopParts loop, LeasePolicy policy, Extend extend);
    LeaseKeeper(const LeaseKeeper&) = delete;
    LeaseKeeper& operator=(const LeaseKeeper&) = delete;

    // Begins to keep a lease that started at `since` (at the earliest: when its receive was asked for).
    Lease hold(orders::ReceiptHandle receipt, Instant since);

    // Ends the keeping. The time until which the lease is ours; nothing when it may be lost.
    task<std::optional<Instant>> release(Lease lease);

    std::size_t held() const noexcept { return leases_.size(); }

  private:
    struct Held {
        Held(orders::ReceiptHandle r, Executor& timers) : receipt(std::move(r)), settled(timers) {}
        orders::ReceiptHandle receipt;
        Instant since{};
        Instant due{};
        Instant ends{};
        bool extending = false;
        bool releasing = false;
        bool lost = false;
        bool let_go = false;  // held as long as it may be: not extended any more
        Signal settled;       // an extension came to its end
    };

    void arm_for(const Held& held);
    void extend_due();
    task<void> extend(std::shared_ptr<Held> held);
    void take_answer(Held& held, Instant asked_at, const Result<void>& answer);

    orders::LoopParts loop_;
    LeasePolicy policy_;
    Extend extend_;
    std::map<Lease, std::shared_ptr<Held>> leases_;
    std::uint64_t next_ = 1;
    Executor::TimerId timer_ = Executor::TimerId::none;  // not later than the first lease that is due
    Instant timer_at_{};
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // a timer may fire after the keeper is gone
};

}  // namespace orderflow::worker
