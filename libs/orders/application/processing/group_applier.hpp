// GroupApplier: the one way of the worker to the OrderStore. Changes that become ready while a transaction is under
// way, or within `pace` of its beginning, share the next one; after a pause a change goes at once, alone if it is the
// only one.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <stop_token>
#include <vector>

#include "libs/async/sleep.hpp"
#include "libs/orders/application/intake/loop_parts.hpp"
#include "libs/orders/application/processing/fate.hpp"
#include "libs/orders/ports/order_store.hpp"

namespace orderflow::orders {

struct GroupPolicy {
    std::size_t changes_max = 512;  // of one transaction
    // Between the beginnings of two transactions, unless one can be filled or holds something urgent: a change that
    // comes alone goes at once, those behind it share a sync (docs/adr/0010-pace.md).
    std::chrono::milliseconds pace{0};
    BackoffPolicy while_down{std::chrono::milliseconds(100),
                             std::chrono::seconds(5)};  // between two asks of a store that is down
};

struct Lane {
    bool urgent = false;  // before all that is not: commands
    bool alone = false;   // a group of its own: a message that may have brought a worker down before
};

// What the applier tells while it works; called on its loop, must be quick.
class GroupObserver {
  public:
    virtual ~GroupObserver() = default;
    virtual void group_applied(std::size_t changes, BootClock::duration took) = 0;
    virtual void store_down(const Error& why) = 0;
    virtual void store_up() = 0;
};

// For one loop. Must outlive its callers' waits.
class GroupApplier {
  public:
    GroupApplier(OrderStore& store, LoopParts loop, Entropy& entropy, GroupPolicy policy, GroupObserver& observer)
        : store_(store),
          loop_(std::move(loop)),
          entropy_(entropy),
          policy_(policy),
          observer_(observer),
          due_(loop_.timers) {}
    GroupApplier(const GroupApplier&) = delete;
    GroupApplier& operator=(const GroupApplier&) = delete;

    // The step that follows, durable; or the order's own error. A store that is down (unavailable, throttled) is waited
    // for. unavailable "worker.stopping" after stop(): nothing of the change was written, or it may have been when the
    // store's last answer left that open; it is safe to apply again either way.
    task<Result<Step>> apply(Change change, Lane lane);

    // Nobody knows while nothing is applied: then the next change finds out.
    bool store_is_down() const noexcept { return failures_ > 0 && running_; }

    // No more waiting for a store that is down: what is not in a transaction now is refused, as is all that comes
    // later.
    void stop();

    // The same for what waits now: refused as after stop(). What comes later is applied. A transaction that is under
    // way is not repeated when the store turns out to be down.
    void refuse_waiting();

  private:
    struct Entry {
        Entry(Change c, Lane l, Completion<Result<Step>> d) : change(std::move(c)), lane(l), done(std::move(d)) {}
        Change change;
        Lane lane;
        Completion<Result<Step>> done;
    };
    using Group = std::vector<Entry>;

    task<void> run();
    task<void> gather();
    bool is_due() const;
    bool has_no_company() const;
    Group take();
    // `refused`: what waits was refused meanwhile, so nothing may wait again.
    void settle(Group group, Result<std::vector<Result<Step>>> answers, bool refused);
    void isolate(Group group);
    task<bool> pause(const Error& why, std::stop_token stop);

    OrderStore& store_;
    LoopParts loop_;
    Entropy& entropy_;
    GroupPolicy policy_;
    GroupObserver& observer_;
    std::deque<Entry> urgent_;
    std::deque<Entry> normal_;
    bool running_ = false;
    Instant next_{};              // when the next transaction may begin
    Signal due_;                  // it may begin before that
    std::uint32_t failures_ = 0;  // of the store, since it last answered
    bool stopped_ = false;
    std::stop_source waiting_;  // of what waits now
};

}  // namespace orderflow::orders
