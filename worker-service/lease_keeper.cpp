#include "worker-service/lease_keeper.hpp"

#include <algorithm>
#include <utility>

#include "libs/base/safeguard.hpp"

namespace orderflow::worker {
namespace {

constexpr auto try_again_after = std::chrono::seconds(1);

// The queue knows the receipt no more: the message was delivered to somebody else, or is gone.
bool is_final(ErrorKind kind) {
    return kind == ErrorKind::conflict || kind == ErrorKind::not_found || kind == ErrorKind::invalid_input;
}

}  // namespace

LeaseKeeper::LeaseKeeper(orders::LoopParts loop, LeasePolicy policy, Extend extend)
    : loop_(std::move(loop)), policy_(policy), extend_(std::move(extend)) {}

LeaseKeeper::Lease LeaseKeeper::hold(orders::ReceiptHandle receipt, Instant since) {
    const Lease lease{next_++};
    auto held = std::make_shared<Held>(std::move(receipt), loop_.timers);
    held->since = since;
    held->ends = since + policy_.timeout;
    held->due = held->ends - policy_.extend_at;
    arm_for(*held);
    leases_.emplace(lease, std::move(held));
    return lease;
}

task<std::optional<Instant>> LeaseKeeper::release(Lease lease) {
    const auto held = leases_.at(lease);
    held->releasing = true;
    while (held->extending) co_await held->settled.wait_until(loop_.clock.now() + policy_.timeout);
    leases_.erase(lease);
    const bool ours = !held->lost && loop_.clock.now() < held->ends;
    if (!ours && safeguard(Safeguard::lease_check)) co_return std::nullopt;
    co_return held->ends;
}

void LeaseKeeper::arm_for(const Held& held) {
    if (!safeguard(Safeguard::lease_extension)) return;
    if (timer_ != Executor::TimerId::none && timer_at_ <= held.due) return;
    loop_.timers.cancel(timer_);
    timer_at_ = held.due;
    const std::weak_ptr<bool> alive = alive_;
    timer_ = loop_.timers.post_at(timer_at_, [this, alive] {
        if (!alive.expired()) extend_due();
    });
}

void LeaseKeeper::extend_due() {
    timer_ = Executor::TimerId::none;
    const auto now = loop_.clock.now();
    for (const auto& [lease, held] : leases_) {
        if (held->extending || held->releasing || held->lost || held->let_go) continue;
        if (held->due > now) {
            arm_for(*held);
        } else if (now - held->since >= policy_.hold_max) {
            held->let_go = true;  // ours until it ends
        } else {
            held->extending = true;
            loop_.spawn(extend(held));
        }
    }
}

task<void> LeaseKeeper::extend(std::shared_ptr<Held> held) {
    const auto asked_at = loop_.clock.now();
    const auto answer = co_await extend_(held->receipt, policy_.timeout);
    take_answer(*held, asked_at, answer);
    held->extending = false;
    held->settled.notify();
    if (!held->releasing && !held->lost) arm_for(*held);
}

// The new end counts from the ask: the queue cannot have begun to count before.
void LeaseKeeper::take_answer(Held& held, Instant asked_at, const Result<void>& answer) {
    if (answer) {
        held.ends = asked_at + policy_.timeout;
        held.due = held.ends - policy_.extend_at;
        return;
    }
    const auto now = loop_.clock.now();
    held.lost = is_final(answer.error().kind()) || now >= held.ends;
    held.due = std::min(now + try_again_after, held.ends);
}

}  // namespace orderflow::worker
