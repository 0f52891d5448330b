#include "api-service/handlers/cancel_order.hpp"

#include "api-service/api_fixture_test.hpp"
#include "libs/contract/order_message.hpp"

namespace orderflow::api {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class CancelOrderTest : public ApiTest {
  protected:
    TestRequest cancel(std::string body = R"({"reason":"customer"})") const {
        return post_json("/v1/orders/" + id.to_string() + "/cancel", std::move(body));
    }
};

TEST_F(CancelOrderTest, GivenAnOrderThatIsNotStoredYet_ThenTheCommandIsDurable) {
    const auto response = send(cancel());

    EXPECT_EQ(response.status, 202U);
    EXPECT_EQ(text_in(body_of(response), "requested"), "cancel");
    EXPECT_EQ(field(response, "Location"), "/v1/orders/" + id.to_string());
    ASSERT_THAT(commands.bodies(), SizeIs(1));
    EXPECT_THAT(queue.bodies(), IsEmpty()) << "commands have a queue of their own";
    const auto message = contract::decode_message(commands.bodies()[0]);
    ASSERT_TRUE(message);
    EXPECT_EQ(std::get<orders::CancelOrder>(message->command).reason, "customer");
}

TEST_F(CancelOrderTest, GivenIfMatchOfThePresentVersion_ThenItTravels) {
    store_order(id);
    const auto version = *field(send(get("/v1/orders/" + id.to_string())), "ETag");
    auto request = cancel();
    request.fields.emplace_back("If-Match", version);

    EXPECT_EQ(send(request).status, 202U);

    const auto message = contract::decode_message(commands.bodies().at(0));
    const auto& command = std::get<orders::CancelOrder>(message->command);
    EXPECT_EQ('"' + std::to_string(command.expected_version.value_or(0)) + '"', version);
}

TEST_F(CancelOrderTest, GivenIfMatchOfAnotherVersion_Then412WithThePresentOne) {
    store_order(id);
    const auto version = *field(send(get("/v1/orders/" + id.to_string())), "ETag");
    auto request = cancel();
    request.fields.emplace_back("If-Match", "\"1\"");

    const auto response = send(request);

    EXPECT_EQ(verdict(response), "412 version-mismatch");
    EXPECT_EQ(field(response, "ETag"), version);
    EXPECT_THAT(commands.bodies(), IsEmpty());
}

TEST_F(CancelOrderTest, GivenIfMatchThatIsNoVersion_Then400) {
    for (const char* bad : {"4", "\"x\"", "\"\"", "W/\"4\"", "\"-1\"", "\"4"}) {
        auto request = cancel();
        request.fields.emplace_back("If-Match", bad);
        EXPECT_EQ(verdict(send(request)), "400 malformed-request") << bad;
    }
}

TEST_F(CancelOrderTest, GivenARejectedOrder_Then409) {
    store_order(id, samples::draft({{"unknown", 1}}));

    EXPECT_EQ(verdict(send(cancel())), "409 not-cancellable");
    EXPECT_THAT(commands.bodies(), IsEmpty());
}

TEST_F(CancelOrderTest, GivenAnOrderOfWhichAPartWasShipped_ThenItSaysThat) {
    store_order(id);
    (void)loop.run(
        store.apply({orders::SettleCharge(id, orders::charge_effect(id), orders::EffectState::captured, "ch_1"),
                     orders::FulfillOrder(id, "parcel-1", {{samples::sku("mug"), 1}}, samples::at(1))}));

    const auto response = send(cancel());

    EXPECT_EQ(verdict(response), "409 not-cancellable");
    EXPECT_THAT(response.body, testing::HasSubstr("A part of the order was shipped already"));
}

TEST_F(CancelOrderTest, GivenATombstone_Then410) {
    bury_order(id);

    EXPECT_EQ(verdict(send(cancel())), "410 order-gone");
}

TEST_F(CancelOrderTest, GivenAnIdThatIsNotOurs_Then404) {
    EXPECT_EQ(verdict(send(post_json("/v1/orders/ord_7zc3qk9v2m4t8xw1b6hn5rj0dg/cancel", "{}"))),
              "404 order-not-found");
}

TEST_F(CancelOrderTest, GivenABadBody_ThenTheSameAnswersAsForOrders) {
    EXPECT_EQ(verdict(send(cancel("{"))), "400 malformed-json");
    EXPECT_EQ(verdict(send(cancel("{}"))), "422 validation-failed");
    EXPECT_EQ(verdict(send(cancel(R"({"reason":"Because I say so"})"))), "422 validation-failed");
    auto plain = cancel();
    plain.fields[0].second = "text/plain";
    EXPECT_EQ(verdict(send(plain)), "415 unsupported-media-type");
}

TEST_F(CancelOrderTest, GivenAStoreThatIsDown_ThenTheWorkerDecides_AndAQueueThatIsDownIsSaid) {
    reader.down = true;
    EXPECT_EQ(send(cancel()).status, 202U);

    commands.set_down(true);
    EXPECT_EQ(verdict(send(cancel())), "503 queue-unavailable");
}

}  // namespace
}  // namespace orderflow::api
