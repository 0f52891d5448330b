// Lines that leave the warehouse: what is refused, what moves, and where it ends.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/orders/domain/toy_store_test.hpp"

namespace orderflow::orders {
namespace {

using samples::order_id;
using testing::ElementsAre;

const OrderId id = order_id(1);

FulfillOrder fulfil(std::string command, std::vector<std::pair<std::string_view, std::int64_t>> lines) {
    FulfillOrder order(id, std::move(command), {}, samples::at(60));
    for (const auto& [name, quantity] : lines) order.lines.emplace_back(samples::sku(name), quantity);
    return order;
}

// Two mugs and a lamp, paid.
class DecideFulfillment : public testing::Test {
  protected:
    DecideFulfillment() {
        store.apply(
            samples::place(id, samples::draft({{"mug", 1}, {"lamp", 1}, {"mug", 1}}, samples::token("tok_ok"))));
    }
    void confirm() { store.apply(SettleCharge(id, charge_effect(id), EffectState::captured, "ch_1")); }
    std::string refusal() const {
        const auto& event = store.last_event(id);
        return event.type == EventType::fulfillment_refused ? event.code : "none";
    }
    Stock stock(std::string_view name) { return store.shelf().stock(name); }

    ToyStore store;
};

TEST_F(DecideFulfillment, GivenAnOrderThatIsNotPaid_ThenItIsRefusedAndNothingMoves) {
    store.apply(fulfil("f1", {{"mug", 1}}));

    EXPECT_EQ(refusal(), "not-fulfillable");
    EXPECT_EQ(stock("mug"), (Stock{10, 2}));
    EXPECT_EQ(store.order(id).status, OrderStatus::reserved);
}

TEST_F(DecideFulfillment, GivenALineThatIsNotOrdered_ThenItIsRefused) {
    confirm();

    store.apply(fulfil("f1", {{"mug", 1}, {"print", 1}}));

    EXPECT_EQ(refusal(), "unknown-line");
    EXPECT_EQ(stock("mug"), (Stock{10, 2}));
    EXPECT_EQ(store.order(id).fulfillment_status, FulfillmentStatus::unfulfilled);
}

TEST_F(DecideFulfillment, GivenMoreThanIsStillOpen_ThenItIsRefused) {
    confirm();
    store.apply(fulfil("f1", {{"mug", 3}}));
    EXPECT_EQ(refusal(), "more-than-ordered");
    store.apply(fulfil("f2", {{"mug", 1}}));
    EXPECT_EQ(refusal(), "none");

    store.apply(fulfil("f3", {{"mug", 2}}));

    EXPECT_EQ(refusal(), "more-than-ordered");
    EXPECT_EQ(stock("mug"), (Stock{9, 1}));
}

TEST_F(DecideFulfillment, GivenAnOrderThatIsNotStored_ThenItComesAgain) {
    auto other = fulfil("f1", {{"mug", 1}});
    other.id = order_id(2);

    EXPECT_EQ(store.apply(other).kind, Step::Kind::retry);
    store.bury(order_id(2));
    EXPECT_EQ(store.apply(other).kind, Step::Kind::finished) << "it was stored once, and is archived";
}

TEST_F(DecideFulfillment, GivenAFulfilment_WhenItComesAgain_ThenItChangesNothing) {
    confirm();
    store.apply(fulfil("f1", {{"mug", 1}}));
    const auto version = store.order(id).version;

    EXPECT_FALSE(store.apply(fulfil("f1", {{"mug", 1}})).changed);
    store.apply(fulfil("f2", {{"print", 1}}));
    EXPECT_FALSE(store.apply(fulfil("f2", {{"print", 1}})).changed) << "refused is decided too";

    EXPECT_EQ(store.order(id).version, version + 1);
    EXPECT_EQ(stock("mug"), (Stock{9, 1}));
}

TEST_F(DecideFulfillment, GivenParts_ThenStockGoesWithEachAndTheLastCompletesTheOrder) {
    confirm();

    store.apply(fulfil("f1", {{"lamp", 1}, {"mug", 1}}));
    EXPECT_EQ(store.order(id).status, OrderStatus::confirmed);
    EXPECT_EQ(store.order(id).fulfillment_status, FulfillmentStatus::partially_fulfilled);
    EXPECT_TRUE(store.order(id).holds_stock);
    EXPECT_THAT(open_lines(store.order(id)), ElementsAre(ShippedLine(samples::sku("mug"), 1)));
    auto last = fulfil("f2", {{"mug", 1}});
    last.carrier = "DHL";
    last.tracking_number = "00340";
    const auto step = store.apply(last);

    EXPECT_TRUE(step.settled_now);
    EXPECT_EQ(store.order(id).status, OrderStatus::completed);
    EXPECT_EQ(store.order(id).fulfillment_status, FulfillmentStatus::fulfilled);
    EXPECT_FALSE(store.order(id).holds_stock);
    EXPECT_EQ(stock("mug"), (Stock{8, 0}));
    EXPECT_EQ(stock("lamp"), (Stock{2, 0}));
    EXPECT_EQ(store.order(id).fulfillments.at(1).tracking_number, "00340");
    EXPECT_THAT(store.events(id),
                ElementsAre("order.accepted", "order.created", "inventory.reserved", "payment.captured",
                            "order.confirmed", "fulfillment.created", "fulfillment.created", "order.completed"));
    store.apply(fulfil("f3", {{"mug", 1}}));
    EXPECT_EQ(refusal(), "not-fulfillable") << "there is nothing left";
}

TEST_F(DecideFulfillment, GivenAFulfilment_WhenDecided_ThenItsRecordSaysWhoAskedAndWhatCameOfIt) {
    confirm();
    auto command = fulfil("f1", {{"lamp", 1}, {"mug", 1}});
    command.by = "kim";
    command.reason = "packed";
    store.apply(command);
    store.apply(fulfil("f2", {{"mug", 9}}));
    auto late = fulfil("f3", {{"mug", 1}});
    late.id = order_id(2);
    store.bury(late.id);
    store.apply(late);

    const auto& done = store.audits().at("f1");
    EXPECT_EQ(done.action, "order.fulfill");
    EXPECT_EQ(done.target, "order " + id.to_string() + ", 2 pieces");
    EXPECT_EQ(done.by, "kim");
    EXPECT_EQ(done.reason, "packed");
    EXPECT_EQ(done.state, CommandState::done);
    EXPECT_EQ(done.changed, 2);
    EXPECT_EQ(done.detail, "2 shipped, 1 to follow.");
    EXPECT_EQ(done.requested_at, samples::at(60));
    EXPECT_TRUE(done.finished_at);
    EXPECT_EQ(store.audits().at("f2").state, CommandState::refused);
    EXPECT_EQ(store.audits().at("f2").code, "more-than-ordered");
    EXPECT_EQ(store.audits().at("f2").by, "operator") << "nobody said";
    EXPECT_EQ(store.audits().at("f3").code, "order-gone");
}

TEST_F(DecideFulfillment, GivenAPartThatIsGone_WhenCancelled_ThenItIsRefused) {
    confirm();
    store.apply(fulfil("f1", {{"mug", 1}}));

    store.apply(CancelOrder(id, "c1", "customer", samples::at(70)));

    EXPECT_EQ(store.last_event(id).type, EventType::cancel_refused);
    EXPECT_EQ(store.order(id).status, OrderStatus::confirmed);
    EXPECT_EQ(stock("mug"), (Stock{9, 1}));
}

TEST_F(DecideFulfillment, GivenACancelThatIsUnderWay_ThenItIsRefused) {
    confirm();
    store.apply(CancelOrder(id, "c1", "customer", samples::at(70)));

    store.apply(fulfil("f1", {{"mug", 1}}));

    EXPECT_EQ(refusal(), "not-fulfillable");
    EXPECT_EQ(store.order(id).status, OrderStatus::cancelling);
}

}  // namespace
}  // namespace orderflow::orders
