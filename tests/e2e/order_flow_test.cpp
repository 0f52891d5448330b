// Goal: what a user is promised on the first page of the README, on the real program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/testing/temp_dir.hpp"
#include "tests/e2e/server_process.hpp"
#include "tests/e2e/shop_client.hpp"

namespace orderflow::e2e {
namespace {

using ::testing::HasSubstr;

constexpr const char* key = "0123456789abcdef-order-flow";

class OrderFlow : public ::testing::Test {
  protected:
    TempDir data;
    ServerProcess server{{{"ORDERFLOW_DATA_DIR", data.path().string()}}};
    ShopClient shop{server.wait_until_ready()};
};

TEST_F(OrderFlow, GivenAnOrder_WhenPosted_ThenItIsAcceptedAndBecomesConfirmedAndHoldsItsStock) {
    const auto before = shop.available("PC-SHARP");

    const auto accepted = shop.post_order(key, order_body({{"PC-SHARP", 2}}));

    EXPECT_EQ(accepted.status, 202);
    EXPECT_EQ(accepted.text("status"), "accepted");
    EXPECT_EQ(accepted.fields.at("location"), "/v1/orders/" + accepted.text("id"));
    EXPECT_EQ(shop.wait_until_settled(accepted.text("id")), "confirmed");
    EXPECT_EQ(shop.available("PC-SHARP"), before - 2);
}

TEST_F(OrderFlow, GivenTheSameKey_WhenPostedAgain_ThenTheIdIsTheSameAndNothingHappensTwice) {
    const auto before = shop.available("PC-SHARP");
    const auto first = shop.post_order(key, order_body({{"PC-SHARP", 1}}));
    shop.wait_until_settled(first.text("id"));

    const auto second = shop.post_order(key, order_body({{"PC-SHARP", 1}}));

    EXPECT_EQ(second.status, 202);
    EXPECT_EQ(second.text("id"), first.text("id"));
    EXPECT_EQ(second.fields.at("idempotent-replayed"), "true");
    EXPECT_EQ(shop.available("PC-SHARP"), before - 1);
}

TEST_F(OrderFlow, GivenTheSameKeyWithAnotherBody_WhenPosted_ThenItIs422AndTheFirstStays) {
    const auto first = shop.post_order(key, order_body({{"PC-SHARP", 1}}));

    const auto other = shop.post_order(key, order_body({{"PC-SHARP", 3}}));

    EXPECT_EQ(other.status, 422);
    EXPECT_EQ(other.text("code"), "idempotency-key-reused");
    EXPECT_EQ(shop.wait_until_settled(first.text("id")), "confirmed");
}

TEST_F(OrderFlow, GivenADeclinedCard_WhenProcessed_ThenTheOrderIsRejectedAndItsStockIsBack) {
    const auto before = shop.available("NB-PRESS-01");

    const auto accepted = shop.post_order(key, order_body({{"NB-PRESS-01", 2}}, "tok_declined"));

    EXPECT_EQ(shop.wait_until_settled(accepted.text("id")), "rejected");
    EXPECT_EQ(shop.available("NB-PRESS-01"), before);
    EXPECT_THAT(shop.get("/v1/orders/" + accepted.text("id") + "/events").body, HasSubstr("inventory.released"));
    EXPECT_EQ(shop.cancel(accepted.text("id")).status, 409);
}

TEST_F(OrderFlow, GivenMoreThanThereIs_WhenProcessed_ThenTheOrderIsRejectedAndNothingIsHeld) {
    const auto before = shop.available("NB-PRESS-01");

    const auto accepted = shop.post_order(key, order_body({{"PC-SHARP", 1}, {"NB-PRESS-01", 6}}));

    EXPECT_EQ(shop.wait_until_settled(accepted.text("id")), "rejected");
    EXPECT_EQ(shop.available("NB-PRESS-01"), before);
    EXPECT_THAT(shop.get("/v1/orders/" + accepted.text("id")).body, HasSubstr("out-of-stock"));
}

TEST_F(OrderFlow, GivenAConfirmedOrder_WhenCancelled_ThenTheMoneyGoesBackAndTheStockToo) {
    const auto before = shop.available("PC-SHARP");
    const auto id = shop.post_order(key, order_body({{"PC-SHARP", 4}})).text("id");
    ASSERT_EQ(shop.wait_until_settled(id), "confirmed");

    EXPECT_EQ(shop.cancel(id).status, 202);

    // `confirmed` is settled too: the events tell when the cancel has come through.
    while (shop.get("/v1/orders/" + id).text("status") != "cancelled") shop.wait_until_settled(id);
    EXPECT_THAT(shop.get("/v1/orders/" + id + "/events").body, HasSubstr("payment.refunded"));
    EXPECT_EQ(shop.available("PC-SHARP"), before);
}

TEST_F(OrderFlow, GivenASlowPayment_WhenCancelledBeforeItIsConfirmed_ThenItEndsCancelledWithoutMoney) {
    const auto before = shop.available("PC-SHARP");
    const auto id = shop.post_order(key, order_body({{"PC-SHARP", 1}}, "tok_slow")).text("id");

    EXPECT_EQ(shop.cancel(id).status, 202);

    EXPECT_EQ(shop.wait_until_settled(id), "cancelled");
    EXPECT_EQ(shop.available("PC-SHARP"), before);
    EXPECT_EQ(shop.cancel(id).status, 202) << "asking again is harmless";
}

TEST_F(OrderFlow, GivenAPaymentWithUnknownOutcome_WhenAskedAgain_ThenTheOrderIsConfirmedOnce) {
    const auto id = shop.post_order(key, order_body({{"PC-SHARP", 1}}, "tok_unknown")).text("id");

    EXPECT_EQ(shop.wait_until_settled(id), "confirmed");
}

TEST(OrderFlowWithoutWorker, GivenAnAcceptedOrder_WhenTheWorkerIsOn_ThenItIsProcessed) {
    TempDir data;
    std::string id;
    {
        ServerProcess server({{"ORDERFLOW_DATA_DIR", data.path().string()}, {"ORDERFLOW_WORKER", "off"}});
        const ShopClient shop(server.wait_until_ready());
        id = shop.post_order(key, order_body({{"PC-SHARP", 1}})).text("id");
        EXPECT_EQ(shop.get("/v1/orders/" + id).text("status"), "accepted");
        server.terminate();
        EXPECT_EQ(server.wait(), 0);
    }

    ServerProcess server({{"ORDERFLOW_DATA_DIR", data.path().string()}});

    EXPECT_EQ(ShopClient(server.wait_until_ready()).wait_until_settled(id), "confirmed");
}

TEST_F(OrderFlow, GivenATerminateSignal_WhenTheProgramEnds_ThenTheCodeIsZeroAndARestartKnowsTheOrder) {
    const auto id = shop.post_order(key, order_body({{"PC-SHARP", 1}})).text("id");

    server.terminate();
    EXPECT_EQ(server.wait(), 0);

    ServerProcess again({{"ORDERFLOW_DATA_DIR", data.path().string()}});
    const ShopClient later(again.wait_until_ready());
    EXPECT_EQ(later.wait_until_settled(id), "confirmed");
}

}  // namespace
}  // namespace orderflow::e2e
