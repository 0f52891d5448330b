// A random walk: any change, at any moment, in any order, any number of times. ToyStore checks the invariants after
// every step; at the end every order must be able to settle.
#include <gtest/gtest.h>

#include "libs/orders/domain/toy_store_test.hpp"
#include "libs/testing/seeded_entropy.hpp"

namespace orderflow::orders {
namespace {

constexpr std::uint32_t order_count = 8;

PlaceOrder content_of(std::uint32_t number, std::uint8_t variant) {
    const samples::Lines lines[] = {{{"mug", 1}}, {{"mug", 2}, {"lamp", 1}, {"mug", 1}}, {{"lamp", 2}}, {{"print", 5}}};
    auto payment = number % 4 == 3 ? samples::invoice() : samples::token("tok_ok");
    auto place = samples::place(samples::order_id(number),
                                samples::draft(lines[(number + variant) % std::size(lines)], std::move(payment)));
    place.fingerprint = samples::fingerprint(variant);
    return place;
}

// A provider as the port promises: one outcome per key, for ever.
class Provider {
  public:
    EffectState charge(const OrderId& id, Entropy& entropy) {
        const auto chosen = entropy.below(3) == 0 ? EffectState::declined : EffectState::captured;
        return charges_.try_emplace(id, chosen).first->second;
    }
    EffectState refund(const OrderId& id) {
        const auto charge = charges_.try_emplace(id, EffectState::declined).first->second;
        return charge == EffectState::captured ? EffectState::refunded : EffectState::voided;
    }

  private:
    std::map<OrderId, EffectState> charges_;
};

struct Walk {
    explicit Walk(std::uint64_t seed) : entropy(seed) {}

    void step() {
        const auto number = static_cast<std::uint32_t>(entropy.below(order_count));
        const auto id = samples::order_id(number);
        const auto* stored = store.find(id);
        const auto message = "m" + std::to_string(entropy.below(50));
        switch (entropy.below(12)) {
            case 0: store.apply(content_of(number, 2)); break;
            case 1:
                store.apply(CancelOrder(id, "c" + std::to_string(entropy.below(3)), "customer", samples::at(9)));
                break;
            case 2: {
                CancelOrder meant(id, "v" + std::to_string(entropy.below(9)), "customer", samples::at(9));
                meant.expected_version = static_cast<std::int32_t>(entropy.below(6));
                store.apply(meant);
                break;
            }
            case 3: store.apply(HoldOrder(id, samples::letter(message), content_of(number, 1))); break;
            case 4: store.apply(ParkMessage(samples::letter(message))); break;
            case 5:
            case 6: store.apply(RecordFailure(id, samples::letter(message))); break;
            case 7: refund(id, stored); break;
            case 8:
            case 9: charge(id, stored); break;
            default: store.apply(content_of(number, 1)); break;
        }
    }

    // The worker only asks the provider for what is recorded.
    void charge(const OrderId& id, const Order* stored) {
        if (stored == nullptr || !stored->charge) return;
        const auto outcome = provider.charge(id, entropy);
        if (entropy.below(3) == 0) return;  // the answer is lost
        store.apply(SettleCharge(id, stored->charge->key, outcome, "ch"));
    }
    void refund(const OrderId& id, const Order* stored) {
        if (stored == nullptr || !stored->refund) return;
        store.apply(SettleRefund(id, stored->refund->key, provider.refund(id), "re"));
    }

    // What the messages still in the queue would do: liveness of every order.
    void settle_all() {
        for (std::uint32_t number = 0; number < order_count; ++number) {
            const auto id = samples::order_id(number);
            if (store.find(id) == nullptr) store.apply(content_of(number, 1));
            const auto variant = std::to_integer<std::uint8_t>(store.order(id).fingerprint.bytes[0]);
            while (store.apply(content_of(number, variant)).kind == Step::Kind::charge) charge(id, store.find(id));
            if (store.order(id).status == OrderStatus::cancelling) refund(id, store.find(id));
            EXPECT_TRUE(is_settled(store.order(id).status)) << to_string(store.order(id).status);
        }
    }

    SeededEntropy entropy;
    ToyStore store;
    Provider provider;
};

TEST(DecideWalk, GivenAnySequenceOfChanges_WhenApplied_ThenTheInvariantsHoldAndEveryOrderCanSettle) {
    constexpr std::uint64_t first_seed = 1;
    for (std::uint64_t seed = first_seed; seed < first_seed + 150; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Walk walk(seed);
        for (int i = 0; i < 300 && !testing::Test::HasFailure(); ++i) walk.step();
        walk.settle_all();
        if (testing::Test::HasFailure()) return;
    }
}

}  // namespace
}  // namespace orderflow::orders
