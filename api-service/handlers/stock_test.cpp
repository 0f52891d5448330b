#include "api-service/handlers/stock.hpp"

#include "api-service/api_fixture_test.hpp"
#include "libs/contract/operator_message.hpp"

namespace orderflow::api {
namespace {

using testing::HasSubstr;

class StockTest : public ApiTest {
  protected:
    net::Response change(const std::string& body, const std::string& sku = "mug") {
        return send(post_json("/v1/admin/stock/" + sku, body));
    }
    std::vector<orders::OperatorCommand> commands_sent() {
        std::vector<orders::OperatorCommand> sent;
        for (const auto& message : loop.run(commands.receive(orders::ReceiveRequest())).value()) {
            sent.push_back(contract::decode_operator_message(message.body).value());
        }
        return sent;
    }
};

TEST_F(StockTest, GivenProducts_ThenTheOperatorSeesWhatIsThereAndReserved) {
    store_order(id);

    EXPECT_THAT(send(get("/v1/admin/stock")).body,
                HasSubstr(R"({"sku":"mug","name":"mug","on_hand":10,"reserved":2,"available":8})"));
}

TEST_F(StockTest, GivenAChange_ThenItIsACommand) {
    const auto response = change(R"({"add":-3,"reason":"broken","by":"kim"})");

    EXPECT_EQ(response.status, 202U);
    const auto sent = commands_sent();
    ASSERT_EQ(sent.size(), 1U);
    EXPECT_EQ(sent[0].reason, "broken");
    EXPECT_EQ(std::get<orders::ChangeStock>(sent[0].wish),
              orders::ChangeStock(samples::sku("mug"), orders::ChangeStock::Mode::add, -3));
    EXPECT_EQ(field(response, "Location"), "/v1/admin/audit/" + sent[0].id);
    (void)loop.run(store.operate(sent[0]));
    EXPECT_THAT(send(get("/v1/admin/audit/" + sent[0].id)).body, HasSubstr(R"("result":"7 on hand, 10 before)"));
}

TEST_F(StockTest, GivenABodyThatBreaksRules_ThenNothingIsSent) {
    for (const char* body : {R"({"add":1})", R"({"reason":"x"})", R"({"set":1,"add":1,"reason":"x"})",
                             R"({"set":-1,"reason":"x"})", R"({"set":1.0,"reason":"x"})",
                             R"({"set":1000000000001,"reason":"x"})", R"({"set":1,"reason":"x","sku":"y"})"}) {
        EXPECT_EQ(verdict(change(body)), "422 validation-failed") << body;
    }
    EXPECT_EQ(verdict(change("[")), "400 malformed-json");
    EXPECT_EQ(verdict(change(R"({"set":1,"reason":"x"})", "no sku")), "404 product-not-found");
    config.admin_token = "operator-token-0123456789";
    service_.reset();
    EXPECT_EQ(verdict(change(R"({"set":1,"reason":"x"})")), "401 unauthorized");
    EXPECT_EQ(verdict(send(get("/v1/admin/stock"))), "401 unauthorized");
    EXPECT_TRUE(commands_sent().empty());
}

}  // namespace
}  // namespace orderflow::api
