#include "libs/orders/domain/decide.hpp"

#include "libs/orders/domain/transition.hpp"

namespace orderflow::orders {
namespace {

struct Rules {
    const Loaded& loaded;
    const Shelf& shelf;
    const Pricing& pricing;
    WallTime now;

    Decision operator()(const PlaceOrder& change) const { return decide_place(change, loaded, shelf, pricing, now); }
    Decision operator()(const SettleCharge& change) const { return decide_charge(change, loaded, now); }
    Decision operator()(const SettleRefund& change) const { return decide_refund(change, loaded, now); }
    Decision operator()(const PaymentNews& change) const { return decide_news(change, loaded); }
    Decision operator()(const CancelOrder& change) const { return decide_cancel(change, loaded, now); }
    Decision operator()(const FulfillOrder& change) const { return decide_fulfillment(change, loaded, now); }
    Decision operator()(const RecordFailure& change) const { return decide_failure(change, loaded, now); }
    Decision operator()(const HoldOrder& change) const { return decide_hold(change, loaded, now); }
    Decision operator()(const ParkMessage& change) const {
        auto decision = unchanged(loaded, Step::Kind::finished);
        decision.step.changed = true;
        decision.letter = change.letter;
        return decision;
    }
};

}  // namespace

Decision decide(const Change& change, const Loaded& loaded, const Shelf& shelf, const Pricing& pricing, WallTime now) {
    auto decision = std::visit(Rules{loaded, shelf, pricing, now}, change);
    if (const auto trace = trace_of(change); !trace.empty()) {
        for (auto& event : decision.events) event.traceparent = trace;
    }
    return decision;
}

}  // namespace orderflow::orders
