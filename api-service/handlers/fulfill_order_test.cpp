#include "api-service/handlers/fulfill_order.hpp"

#include "api-service/api_fixture_test.hpp"
#include "libs/contract/order_message.hpp"

namespace orderflow::api {
namespace {

using testing::HasSubstr;

class FulfillOrderTest : public ApiTest {
  protected:
    net::Response fulfill(const std::string& body, const std::string& key = {}) {
        auto request = post_json("/v1/admin/orders/" + id.to_string() + "/fulfilments", body);
        if (!key.empty()) request.fields.emplace_back("Idempotency-Key", key);
        return send(request);
    }
    std::vector<orders::FulfillOrder> sent() {
        std::vector<orders::FulfillOrder> all;
        for (const auto& message : loop.run(commands.receive(orders::ReceiveRequest())).value()) {
            auto decoded = contract::decode_message(message.body).value();
            all.push_back(std::get<orders::FulfillOrder>(decoded.command));
        }
        return all;
    }
    void confirm() {
        store_order(id);
        (void)loop.run(
            store.apply({orders::SettleCharge(id, orders::charge_effect(id), orders::EffectState::captured, "ch_1")}));
    }
};

TEST_F(FulfillOrderTest, GivenAnOrderThatIsNotConfirmed_ThenItSaysSoAndNothingIsSent) {
    store_order(id);

    EXPECT_EQ(verdict(fulfill(R"({"lines":[{"sku":"mug","quantity":1}]})")), "409 not-fulfillable");
    EXPECT_TRUE(sent().empty());
}

TEST_F(FulfillOrderTest, GivenAnOrderThatIsGoneOrWasNeverThere_ThenItSaysSo) {
    EXPECT_EQ(verdict(fulfill(R"({"lines":[{"sku":"mug","quantity":1}]})")), "409 not-fulfillable") << "not stored yet";
    bury_order(id);

    EXPECT_EQ(fulfill(R"({"lines":[{"sku":"mug","quantity":1}]})").status, 410U);
    EXPECT_TRUE(sent().empty());
}

TEST_F(FulfillOrderTest, GivenMoreThanIsOpen_ThenItSaysSo) {
    confirm();

    EXPECT_EQ(verdict(fulfill(R"({"lines":[{"sku":"mug","quantity":3}]})")), "409 more-than-ordered");
    EXPECT_EQ(verdict(fulfill(R"({"lines":[{"sku":"lamp","quantity":1}]})")), "409 more-than-ordered");
    EXPECT_TRUE(sent().empty());
}

TEST_F(FulfillOrderTest, GivenABodyThatBreaksRules_ThenNothingIsSent) {
    confirm();
    for (const char* body :
         {R"({})", R"({"lines":[]})", R"({"lines":[{"sku":"mug","quantity":0}]})",
          R"({"lines":[{"sku":"mug","quantity":1},{"sku":"mug","quantity":1}]})", R"({"lines":[{"sku":"mug"}]})",
          R"({"lines":{},"carrier":"x"})", R"({"lines":[{"sku":"mug","quantity":1}],"weight":3})"}) {
        EXPECT_EQ(verdict(fulfill(body)), "422 validation-failed") << body;
    }
    EXPECT_EQ(verdict(fulfill("[")), "400 malformed-json");
    config.admin_token = "operator-token-0123456789";
    service_.reset();
    EXPECT_EQ(verdict(fulfill(R"({"lines":[{"sku":"mug","quantity":1}]})")), "401 unauthorized");
    EXPECT_TRUE(sent().empty());
}

TEST_F(FulfillOrderTest, GivenAConfirmedOrder_ThenACommandIsSentAndTheSameKeyIsTheSameCommand) {
    confirm();
    const std::string body =
        R"({"lines":[{"sku":"mug","quantity":2}],"carrier":"DHL","tracking_number":"00340434161094042557"})";

    const auto response = fulfill(body, "parcel 1 of this order");
    EXPECT_EQ(fulfill(body, "parcel 1 of this order").status, 202U);

    EXPECT_EQ(response.status, 202U);
    const auto commands = sent();
    ASSERT_EQ(commands.size(), 2U);
    EXPECT_EQ(commands[0].command_id, commands[1].command_id);
    EXPECT_EQ(commands[0].tracking_number, "00340434161094042557");
    EXPECT_THAT(response.body, HasSubstr(commands[0].command_id));

    (void)loop.run(store.apply({commands[0]}));
    EXPECT_EQ(fulfill(body, "parcel 1 of this order").status, 202U) << "it is done already";
    EXPECT_EQ(verdict(fulfill(R"({"lines":[{"sku":"mug","quantity":1}]})", "parcel 1 of this order")),
              "422 idempotency-key-reused");
    EXPECT_THAT(send(get("/v1/orders/" + id.to_string())).body,
                HasSubstr(R"("lines":[{"sku":"mug","quantity":2}],"carrier":"DHL")"));
    EXPECT_THAT(send(get("/v1/admin/orders/" + id.to_string() + "/timeline")).body,
                HasSubstr(R"({"sku":"mug","reserved":-2,"shipped":2})"));
}

TEST_F(FulfillOrderTest, GivenAKeyWhoseFulfilmentWasRefused_ThenItSaysSoAndNothingIsSent) {
    confirm();
    const std::string two = R"({"lines":[{"sku":"mug","quantity":2}],"by":"kim","reason":"packed"})";
    EXPECT_EQ(fulfill(two, "parcel 1 of this order").status, 202U);
    EXPECT_EQ(fulfill(two, "parcel 2 of this order").status, 202U) << "the first one is not decided yet";
    const auto commands = sent();
    EXPECT_EQ(commands.at(0).by, "kim");
    EXPECT_EQ(commands.at(0).reason, "packed");
    (void)loop.run(store.apply({orders::FulfillOrder(id, "other", {{samples::sku("mug"), 1}}, samples::at(1))}));
    (void)loop.run(store.apply({commands.at(1)}));

    EXPECT_EQ(verdict(fulfill(R"({"lines":[{"sku":"mug","quantity":1}]})", "parcel 2 of this order")),
              "409 fulfillment-refused");

    EXPECT_TRUE(sent().empty());
    EXPECT_EQ(fulfill(R"({"lines":[{"sku":"mug","quantity":1}]})", "parcel 3 of this order").status, 202U);
    EXPECT_THAT(send(get("/v1/admin/audit")).body, HasSubstr(R"("action":"order.fulfill")"));
}

}  // namespace
}  // namespace orderflow::api
