// Random groups of any changes, in any order, any number of times: what must always hold of a store holds after each
// group.
#pragma once

#include <map>
#include <set>

#include "libs/testing/seeded_entropy.hpp"
#include "tests/contract/order_store_contract_fixture.hpp"
#include "tests/contract/random_changes.hpp"

namespace orderflow::orders {

template <class Adapter>
class OrderStoreWalk : public OrderStoreFixture<Adapter> {
  protected:
    void check() {
        std::map<std::string, std::int64_t> held;
        for (std::uint32_t number = 0; number < walk_orders; ++number) {
            const auto order = this->find(number).order;
            if (!order) continue;
            check_history(number, *order);
            check_money(number, *order);
            if (!order->holds_stock) continue;
            for (const auto& line : open_lines(*order)) held[line.sku.value()] += line.quantity;
        }
        for (const auto* sku : {"mug", "lamp", "print"}) {
            EXPECT_EQ(this->stock(sku).reserved, held[sku]) << sku;
            EXPECT_GE(this->stock(sku).available(), 0) << sku;
        }
    }

    void check_history(std::uint32_t number, const Order& order) {
        const auto events = this->events(number);
        ASSERT_EQ(events.size(), static_cast<std::size_t>(order.version));
        ASSERT_EQ(events.front().type, EventType::order_accepted);
        std::map<EventType, int> count;
        for (std::size_t i = 0; i < events.size(); ++i) {
            ASSERT_EQ(events[i].version, static_cast<std::int32_t>(i) + 1);
            ++count[events[i].type];
        }
        for (const auto once :
             {EventType::order_accepted, EventType::order_created, EventType::payment_captured,
              EventType::order_confirmed, EventType::order_rejected, EventType::payment_refunded,
              EventType::inventory_reserved, EventType::inventory_released, EventType::order_cancelled}) {
            EXPECT_LE(count[once], 1) << to_string(once);
        }
    }

    void check_money(std::uint32_t number, const Order& order) {
        auto sum = order.shipping_amount + order.tax_amount - order.discount_amount;
        for (const auto& line : order.lines) sum += line.unit_price * line.quantity - line.discount;
        if (order.holds_stock) EXPECT_EQ(order.total, sum);
        const bool paid = order.charge && order.charge->state == EffectState::captured;
        const bool given_back = order.refund && order.refund->state != EffectState::started;
        EXPECT_EQ(this->received(number), paid && !given_back ? order.total : 0) << to_string(order.status);
    }
};

TYPED_TEST_SUITE_P(OrderStoreWalk);

TYPED_TEST_P(OrderStoreWalk, GivenAnyGroups_WhenApplied_ThenTheInvariantsHold) {
    constexpr std::uint64_t seed = 20260101;
    SCOPED_TRACE("seed " + std::to_string(seed));
    SeededEntropy entropy(seed);
    for (int i = 0; i < 120 && !testing::Test::HasFailure(); ++i) {
        this->apply_group(random_group(entropy));
        if (entropy.below(20) == 0) this->setup.restart();
        this->check();
    }
}

REGISTER_TYPED_TEST_SUITE_P(OrderStoreWalk, GivenAnyGroups_WhenApplied_ThenTheInvariantsHold);

}  // namespace orderflow::orders
