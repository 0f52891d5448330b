#include "libs/orders/application/processing/payment_circuit.hpp"

#include <algorithm>
#include <utility>

namespace orderflow::orders {
namespace {

constexpr auto look_again = std::chrono::seconds(60);  // no wait is without an end
constexpr std::size_t convictions_max = 10'000;        // the oldest is forgotten first

}  // namespace

PaymentCircuit::PaymentCircuit(LoopParts loop, CircuitPolicy policy) : loop_(std::move(loop)), policy_(policy) {}

task<PaymentCircuit::Turn> PaymentCircuit::enter(OrderId order, std::stop_token stop) {
    if (stop.stop_requested()) co_return Turn::stop;
    if (!open_) co_return Turn::call;
    const bool tried = has_failed(order);
    if (!tried && free_probes_ > 0) {
        --free_probes_;
        co_return Turn::probe;
    }
    if (tried && free_probes_ > invitations_) {  // whoever was invited, it was not an order that nobody has tried
        ++invitations_;
        changed();
    }
    Waiter waiter(loop_.timers, tried);
    const auto place = waiting_.insert(waiting_.end(), &waiter);
    while (open_ && !waiter.may_probe && !stop.stop_requested()) {
        co_await waiter.signal.wait_until(loop_.clock.now() + look_again, stop);
    }
    waiting_.erase(place);
    if (!stop.stop_requested()) co_return waiter.may_probe&& open_ ? Turn::probe : Turn::call;
    if (waiter.may_probe && open_) let_probe(tried, 1);  // the turn goes to somebody else
    co_return Turn::stop;
}

void PaymentCircuit::answered(const OrderId& order) {
    failures_ = 0;
    any_failures_ = 0;
    convict_all_but(order);
    if (!std::exchange(open_, false)) return;
    for (auto* waiter : waiting_) waiter->signal.notify();
    changed();
}

bool PaymentCircuit::failed(const OrderId& order) {
    forget_old_convictions();
    failed_.insert(order);
    if (open_) return counts_while_open();
    ++any_failures_;
    if (!convicted_.contains(order)) ++failures_;
    if (failures_ >= policy_.open_after || any_failures_ >= policy_.open_after_any) open();
    return true;
}

std::size_t PaymentCircuit::invite(std::size_t wanted) {
    const auto invited = std::min(wanted, invitations_);
    invitations_ -= invited;
    return invited;
}

bool PaymentCircuit::has_failed(const OrderId& order) const {
    return failed_.contains(order) || convicted_.contains(order);
}

void PaymentCircuit::open() {
    open_ = true;
    opened_at_ = loop_.clock.now();
    next_counted_ = opened_at_ + policy_.uncounted_for;
    probe_wait_ = policy_.probe_min;
    free_probes_ = 0;
    invitations_ = 0;
    schedule_round();
    changed();
}

bool PaymentCircuit::counts_while_open() {
    const auto now = loop_.clock.now();
    if (now < next_counted_) return false;
    next_counted_ = now + policy_.counted_every;
    return true;
}

// Rounds come by the clock: a probe that is not answered for long holds up nobody.
void PaymentCircuit::schedule_round() {
    next_round_ = loop_.clock.now() + probe_wait_;
    probe_wait_ = std::min(probe_wait_ * 2, policy_.probe_max);
    const std::weak_ptr<bool> alive = alive_;
    loop_.timers.post_at(next_round_, [this, alive] {
        // A timer of an earlier opening comes too soon and is ignored.
        if (!alive.expired() && open_ && loop_.clock.now() >= next_round_) begin_round();
    });
}

void PaymentCircuit::begin_round() {
    schedule_round();
    let_probe(true, policy_.tried_probes);
    free_probes_ = policy_.new_probes - let_probe(false, policy_.new_probes);
    invitations_ = free_probes_;
    if (invitations_ > 0) changed();
}

std::uint32_t PaymentCircuit::let_probe(bool tried, std::uint32_t most) {
    std::uint32_t let = 0;
    for (auto* waiter : waiting_) {
        if (let == most) break;
        if (waiter->tried != tried || waiter->may_probe) continue;
        waiter->may_probe = true;
        waiter->signal.notify();
        ++let;
    }
    return let;
}

void PaymentCircuit::convict_all_but(const OrderId& answered) {
    convicted_.erase(answered);
    failed_.erase(answered);
    const auto until = loop_.clock.now() + policy_.own_fault_for;
    for (const auto& order : std::exchange(failed_, {})) {
        convicted_.insert_or_assign(order, until);
        convictions_.emplace_back(until, order);
    }
    forget_old_convictions();
}

void PaymentCircuit::forget_old_convictions() {
    while (!convictions_.empty() &&
           (convictions_.front().first <= loop_.clock.now() || convictions_.size() > convictions_max)) {
        const auto& [until, order] = convictions_.front();
        const auto known = convicted_.find(order);
        if (known != convicted_.end() && known->second <= until) convicted_.erase(known);
        convictions_.pop_front();
    }
}

void PaymentCircuit::changed() const {
    if (changed_) changed_();
}

}  // namespace orderflow::orders
