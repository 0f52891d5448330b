#include "libs/orders/application/processing/payment_circuit.hpp"

#include <algorithm>
#include <utility>

namespace orderflow::orders {
namespace {

constexpr auto look_again = std::chrono::seconds(60);  // no wait is without an end

}  // namespace

PaymentCircuit::PaymentCircuit(LoopParts loop, CircuitPolicy policy) : loop_(std::move(loop)), policy_(policy) {}

task<PaymentCircuit::Turn> PaymentCircuit::enter(bool tried, std::stop_token stop) {
    if (stop.stop_requested()) co_return Turn::stop;
    if (!open_) co_return Turn::call;
    if (std::exchange(probe_due_, false)) co_return Turn::probe;
    Waiter waiter(loop_.timers, tried);
    const auto place = waiting_.insert(waiting_.end(), &waiter);
    while (open_ && !waiter.may_probe && !stop.stop_requested()) {
        co_await waiter.signal.wait_until(loop_.clock.now() + look_again, stop);
    }
    waiting_.erase(place);
    if (!stop.stop_requested()) co_return waiter.may_probe&& open_ ? Turn::probe : Turn::call;
    if (waiter.may_probe) let_one_probe();  // the turn goes to somebody else
    co_return Turn::stop;
}

void PaymentCircuit::answered() {
    failures_ = 0;
    if (!std::exchange(open_, false)) return;
    probe_due_ = false;
    for (auto* waiter : waiting_) waiter->signal.notify();
    rise();
}

bool PaymentCircuit::failed(Turn turn) {
    if (open_) {
        if (turn != Turn::probe) return false;  // a call from before the circuit opened
        probe_wait_ = std::min(probe_wait_ * 2, policy_.probe_max);
        schedule_probe();
        rise();
        return loop_.clock.now() - opened_at_ >= policy_.uncounted_for;
    }
    if (++failures_ < policy_.open_after) return true;
    open_ = true;
    opened_at_ = loop_.clock.now();
    probe_wait_ = policy_.probe_min;
    schedule_probe();
    rise();
    return true;
}

void PaymentCircuit::schedule_probe() {
    next_probe_ = loop_.clock.now() + probe_wait_;
    const std::weak_ptr<bool> alive = alive_;
    loop_.timers.post_at(next_probe_, [this, alive] {
        // A timer of an earlier opening comes too soon and is ignored.
        if (!alive.expired() && open_ && loop_.clock.now() >= next_probe_) let_one_probe();
    });
}

void PaymentCircuit::let_one_probe() {
    auto next = std::ranges::find_if(waiting_, [](const auto* waiter) { return !waiter->tried && !waiter->may_probe; });
    if (next == waiting_.end()) next = std::ranges::find(waiting_, false, &Waiter::may_probe);
    if (next == waiting_.end()) {
        probe_due_ = true;
        rise();
        return;
    }
    (*next)->may_probe = true;
    (*next)->signal.notify();
}

void PaymentCircuit::rise() {
    ++epoch_;
    if (changed_) changed_();
}

}  // namespace orderflow::orders
