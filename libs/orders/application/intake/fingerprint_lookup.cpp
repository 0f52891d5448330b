#include "libs/orders/application/intake/fingerprint_lookup.hpp"

#include <utility>

#include "libs/async/completion.hpp"

namespace orderflow::orders {

struct FingerprintLookup::Waiting {
    explicit Waiting(OrderId i) : id(i) {}
    OrderId id;
    std::optional<Completion<std::optional<Fingerprint>>> waiter;  // empty once answered
    Executor::TimerId timer = Executor::TimerId::none;
};

FingerprintLookup::FingerprintLookup(OrderReader& reader, LoopParts loop, LookupPolicy policy, IntakeObserver& observer)
    : reader_(reader), loop_(std::move(loop)), policy_(policy), observer_(observer), gate_(loop_.timers) {}

task<std::optional<Fingerprint>> FingerprintLookup::find(OrderId id) {
    if (gate_.closed() || loop_.clock.now() < rest_until_) {
        observer_.lookup_skipped();
        co_return std::nullopt;
    }
    co_return co_await await_completion<std::optional<Fingerprint>>([&](Completion<std::optional<Fingerprint>> waiter) {
        const auto waiting = std::make_shared<Waiting>(id);
        waiting->waiter.emplace(std::move(waiter));
        waiting->timer =
            loop_.timers.post_at(loop_.clock.now() + policy_.patience, [this, waiting] { give_up(waiting); });
        waiting_.push_back(waiting);
        if (!std::exchange(reading_, true)) loop_.spawn(read_all(gate_.enter()));
    });
}

// The pass keeps the gate open for as long as this runs.
task<void> FingerprintLookup::read_all(Gate::Pass) {
    for (auto batch = take_batch(); !batch.empty(); batch = take_batch()) {
        std::vector<OrderId> ids;
        ids.reserve(batch.size());
        for (const auto& waiting : batch) ids.push_back(waiting->id);
        const auto found = co_await reader_.fingerprints(std::move(ids));
        if (!found) rest_until_ = loop_.clock.now() + policy_.rest;
        for (std::size_t i = 0; i < batch.size(); ++i) {
            if (!batch[i]->waiter) continue;
            if (!found) observer_.lookup_skipped();
            answer(*batch[i], found && i < found->size() ? (*found)[i] : std::nullopt);
        }
    }
    reading_ = false;
}

std::vector<FingerprintLookup::WaitingRef> FingerprintLookup::take_batch() {
    std::vector<WaitingRef> batch;
    while (!waiting_.empty() && batch.size() < policy_.ids_max) {
        if (waiting_.front()->waiter) batch.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
    }
    return batch;
}

void FingerprintLookup::give_up(const WaitingRef& waiting) {
    if (!waiting->waiter) return;
    rest_until_ = loop_.clock.now() + policy_.rest;
    observer_.lookup_skipped();
    answer(*waiting, std::nullopt);
}

void FingerprintLookup::answer(Waiting& waiting, std::optional<Fingerprint> found) {
    loop_.timers.cancel(waiting.timer);
    std::exchange(waiting.waiter, std::nullopt)->complete(found);
}

}  // namespace orderflow::orders
