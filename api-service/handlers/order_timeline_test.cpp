#include "api-service/handlers/order_timeline.hpp"

#include "api-service/api_fixture_test.hpp"

namespace orderflow::api {
namespace {

using testing::HasSubstr;

class OrderTimelineTest : public ApiTest {
  protected:
    net::Response timeline(const orders::OrderId& of) {
        return send(get("/v1/admin/orders/" + of.to_string() + "/timeline"));
    }
};

TEST_F(OrderTimelineTest, GivenAnOrderOnHold_ThenItsEventsAttemptStockAndLetterAreThere) {
    store_order(id);
    std::vector<orders::Change> group;
    group.emplace_back(orders::HoldOrder(id, samples::letter("m1", "payment.unavailable")));
    apply(std::move(group));

    const auto response = timeline(id);

    EXPECT_EQ(response.status, 200U);
    for (const char* part : {R"("status":"on_hold")", R"("type":"order.accepted")", R"("kind":"payment_attempt")",
                             R"("moves":[{"sku":"mug","reserved":2}])", R"("kind":"dead_letter")",
                             R"("code":"payment.unavailable")", R"("since_previous_ms":0)"}) {
        EXPECT_THAT(response.body, HasSubstr(part));
    }
}

TEST_F(OrderTimelineTest, GivenACallToAWebhook_ThenItIsThere) {
    store_order(id);
    orders::CreateEndpoint create;
    create.settings.url = "https://shop.example/";
    create.secret = "whsec_x";
    const orders::EndpointCommand command("wh_1", std::move(create));
    ASSERT_TRUE(loop.run(store.operate(orders::OperatorCommand("c1", command, loop.clock().wall()))));
    ASSERT_TRUE(loop.run(store.change_lease({"wh_1", "", 0, "worker-1", 1})));
    orders::DeliveryProgress made;
    made.endpoint = "wh_1";
    made.owner = "worker-1";
    made.log.emplace_back("wh_1", id, 1);
    made.log.front().at = loop.clock().wall();
    ASSERT_TRUE(loop.run(store.record(std::move(made))));

    const auto body = timeline(id).body;

    EXPECT_THAT(body, HasSubstr(R"("kind":"delivery")"));
    EXPECT_THAT(body, HasSubstr(R"("webhook":"wh_1","version":1,"attempt":1,"state":"delivered")"));
}

TEST_F(OrderTimelineTest, GivenAnOrderThatIsNotThere_ThenTheAnswerSaysWhy) {
    EXPECT_EQ(verdict(timeline(id)), "404 order-not-stored");
    EXPECT_EQ(verdict(timeline(orders::LegibleIds::foreign())), "404 order-not-found");
    bury_order(id);
    EXPECT_EQ(verdict(timeline(id)), "410 order-gone");
}

TEST_F(OrderTimelineTest, GivenNoOperatorOrNoStore_ThenThereIsNoTimeline) {
    store_order(id);
    reader.down = true;
    EXPECT_EQ(verdict(timeline(id)), "503 store-unavailable");
    reader.down = false;
    operator_reader.down = true;
    EXPECT_EQ(verdict(timeline(id)), "503 store-unavailable");
    service_.reset();
    config.admin_token = "operator-token-0123456789";
    EXPECT_EQ(verdict(timeline(id)), "401 unauthorized");
}

}  // namespace
}  // namespace orderflow::api
