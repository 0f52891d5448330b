#include "libs/orders/application/intake/request_cancel.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/orders/application/intake/intake_fixture_test.hpp"

namespace orderflow::orders {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class RequestCancelTest : public testing::Test {
  protected:
    Result<CancelAnswer> cancel(OrderId of, std::optional<std::int32_t> version = std::nullopt) {
        CancelWish wish(of, "customer", loop.clock().now() + 5s);
        wish.expected_version = version;
        return loop.run(request(std::move(wish)));
    }
    void store(OrderStatus status, std::int32_t version = 4) {
        Order order(id, samples::draft(), samples::fingerprint(1), samples::at(0));
        order.status = status;
        order.version = version;
        reader.orders.insert_or_assign(id, order);
    }

    SimLoop loop;
    SeededEntropy entropy{3};
    CountingObserver observer;
    LegibleIds ids;
    PlainMessages messages;
    ScriptedReader reader;
    InMemoryMessageQueue queue{loop, loop.clock(), {}};
    SendBatcher batcher{queue, parts_of(loop), entropy, {}, observer};
    RequestCancel request{{ids, reader, batcher, messages, loop.clock(), entropy}};
    const OrderId id = LegibleIds::of("order");
};

TEST_F(RequestCancelTest, GivenAnIdThatIsNotOurs_ThenThereIsNoSuchOrder) {
    const auto answer = cancel(LegibleIds::foreign());

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind(), ErrorKind::not_found);
    EXPECT_EQ(answer.error().code(), "order-not-found");
    EXPECT_THAT(queue.bodies(), IsEmpty());
}

TEST_F(RequestCancelTest, GivenAnOrderThatIsNotStoredYet_ThenTheCommandIsQueued) {
    const auto answer = cancel(id);

    EXPECT_TRUE(std::holds_alternative<CancelQueued>(answer.value()));
    EXPECT_THAT(queue.bodies(), ElementsAre("cancel " + id.to_string() + " customer -1"));
}

TEST_F(RequestCancelTest, GivenAnOrderThatCanBeCancelled_ThenTheCommandCarriesTheExpectedVersion) {
    store(OrderStatus::confirmed, 4);

    EXPECT_TRUE(std::holds_alternative<CancelQueued>(cancel(id, 4).value()));
    EXPECT_THAT(queue.bodies(), ElementsAre("cancel " + id.to_string() + " customer 4"));
}

TEST_F(RequestCancelTest, GivenAnOrderThatIsOver_ThenTooLate) {
    for (const auto status : {OrderStatus::rejected, OrderStatus::completed}) {
        store(status);
        const auto answer = cancel(id);
        ASSERT_TRUE(std::holds_alternative<CancelTooLate>(answer.value()));
        EXPECT_EQ(std::get<CancelTooLate>(*answer).status, status);
    }
    EXPECT_THAT(queue.bodies(), IsEmpty());
}

TEST_F(RequestCancelTest, GivenAnotherVersion_ThenItIsNamed) {
    store(OrderStatus::confirmed, 5);

    const auto answer = cancel(id, 4);

    ASSERT_TRUE(std::holds_alternative<CancelOtherVersion>(answer.value()));
    EXPECT_EQ(std::get<CancelOtherVersion>(*answer).version, 5);
    EXPECT_THAT(queue.bodies(), IsEmpty());
}

TEST_F(RequestCancelTest, GivenACancelledOrder_ThenAskingAgainIsHarmless) {
    for (const auto status : {OrderStatus::cancelling, OrderStatus::cancelled}) {
        store(status);
        EXPECT_TRUE(std::holds_alternative<CancelQueued>(cancel(id, 1).value()));
    }
}

TEST_F(RequestCancelTest, GivenATombstone_ThenGone) {
    reader.tombstones.emplace(id, Tombstone(OrderStatus::completed));

    const auto answer = cancel(id);

    ASSERT_TRUE(std::holds_alternative<CancelGone>(answer.value()));
    EXPECT_EQ(std::get<CancelGone>(*answer).last_status, OrderStatus::completed);
}

TEST_F(RequestCancelTest, GivenAStoreThatIsDown_ThenTheWorkerDecides) {
    store(OrderStatus::completed);
    reader.down = true;

    EXPECT_TRUE(std::holds_alternative<CancelQueued>(cancel(id).value()));
    EXPECT_THAT(queue.bodies(), SizeIs(1));
}

TEST_F(RequestCancelTest, GivenAQueueThatIsDown_ThenItIsSaid) {
    queue.set_down(true);

    EXPECT_EQ(cancel(id).error().code(), "queue-unavailable");
}

}  // namespace
}  // namespace orderflow::orders
