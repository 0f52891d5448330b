// Random groups of any changes that workers could bring, for stores that are walked through
// (order_store_contract_walk.hpp) and for what looks at a store with rows of every kind.
#pragma once

#include <cstdint>
#include <iterator>
#include <string>
#include <vector>

#include "libs/base/entropy.hpp"
#include "libs/testing/order_samples.hpp"
#include "tests/contract/order_store_contract_fixture.hpp"

namespace orderflow::orders {

inline constexpr std::uint32_t walk_orders = 8;

inline PlaceOrder content_of_walk(std::uint32_t number, std::uint8_t variant) {
    const samples::Lines lines[] = {{{"mug", 1}}, {{"mug", 2}, {"lamp", 1}, {"mug", 1}}, {{"lamp", 2}}, {{"print", 5}}};
    auto payment = number % 4 == 3 ? samples::invoice() : samples::token("tok_ok");
    auto place = samples::place(samples::order_id(number),
                                samples::draft(lines[(number + variant) % std::size(lines)], std::move(payment)));
    place.fingerprint = samples::fingerprint(variant);
    return place;
}

// Any change that a worker could bring, whatever the order's state. A provider answers each key the same for ever.
inline Change random_change(Entropy& entropy) {
    const auto number = static_cast<std::uint32_t>(entropy.below(walk_orders));
    const auto id = samples::order_id(number);
    const auto message = "m" + std::to_string(entropy.below(20));
    const bool good_card = number % 3 != 0;
    switch (entropy.below(13)) {
        case 0: return content_of_walk(number, 2);
        case 1: return CancelOrder(id, "c" + std::to_string(entropy.below(3)), "customer", samples::at(9));
        case 2: return HoldOrder(id, samples::letter(message), content_of_walk(number, 1));
        case 3: return RecordFailure(id, samples::letter(message));
        case 4: return ParkMessage(samples::letter(message));
        case 5:
        case 6:
            return SettleCharge(id, charge_effect(id), good_card ? EffectState::captured : EffectState::declined, "ch");
        case 7:
            return SettleRefund(id, refund_effect(id), good_card ? EffectState::refunded : EffectState::voided, "re");
        case 8: {
            FulfillOrder fulfil(id, "f" + std::to_string(entropy.below(6)), {}, samples::at(9));
            fulfil.lines = {{samples::sku("mug"), static_cast<std::int64_t>(1 + entropy.below(2))}};
            return fulfil;
        }
        case 9: {
            HoldOrder hold(id, samples::letter(message, "payment.request_refused"));
            hold.refund_refused = true;
            return hold;
        }
        default: return content_of_walk(number, 1);
    }
}

inline std::vector<Change> random_group(Entropy& entropy) {
    std::vector<Change> group;
    for (auto left = 1 + entropy.below(12); left > 0; --left) group.push_back(random_change(entropy));
    return group;
}

}  // namespace orderflow::orders
