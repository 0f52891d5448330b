#include "api-service/handlers/erase_customer.hpp"

#include "api-service/api_fixture_test.hpp"
#include "libs/contract/operator_message.hpp"

namespace orderflow::api {
namespace {

using testing::HasSubstr;
using testing::Not;
using By = orders::EraseCustomer::By;

class EraseCustomerTest : public ApiTest {
  protected:
    net::Response erase(const std::string& body) { return send(post_json("/v1/admin/customers/erase", body)); }
    std::vector<orders::OperatorCommand> commands_sent() {
        std::vector<orders::OperatorCommand> sent;
        for (const auto& message : loop.run(commands.receive(orders::ReceiveRequest())).value()) {
            sent.push_back(contract::decode_operator_message(message.body).value());
        }
        return sent;
    }
    orders::EraseCustomer only_customer_sent() {
        const auto sent = commands_sent();
        EXPECT_EQ(sent.size(), 1U);
        return std::get<orders::EraseCustomer>(sent.at(0).wish);
    }
};

TEST_F(EraseCustomerTest, GivenABodyThatBreaksRules_ThenNothingIsSent) {
    for (const char* body :
         {R"({"reason":"x"})", R"({"email":"a@b.c"})", R"({"email":"nobody","reason":"x"})",
          R"({"email":"a@b.c","customer_id":"1","reason":"x"})", R"({"customer_id":"","reason":"x"})",
          R"({"email":"a@b.c","reason":""})", R"({"email":"a@b.c","tenant":"A","reason":"x"})",
          R"({"email":"a@b.c","email":"a@b.c","reason":"x"})", R"({"email":"a@b.c","reason":"x","all":true})"}) {
        EXPECT_EQ(verdict(erase(body)), "422 validation-failed") << body;
    }
    EXPECT_EQ(verdict(erase("[")), "400 malformed-json");
    EXPECT_TRUE(commands_sent().empty());
}

TEST_F(EraseCustomerTest, GivenAReasonThatNamesTheAddress_ThenItIsRefusedBecauseTheReasonIsKept) {
    const auto refused = erase(R"({"email":"ada@example.org","reason":"letter of Ada@Example.org"})");

    EXPECT_EQ(verdict(refused), "422 validation-failed");
    EXPECT_THAT(refused.body, HasSubstr("/reason"));
    EXPECT_TRUE(commands_sent().empty());
}

TEST_F(EraseCustomerTest, GivenACallerWhoMayOnlyLook_ThenNothingIsSent) {
    config.admin_token = "operator-token-0123456789";
    config.admin_read_token = "onlooker-token-0123456789";
    service_.reset();

    EXPECT_EQ(verdict(erase(R"({"email":"a@b.c","reason":"x"})")), "401 unauthorized");
    auto looking = post_json("/v1/admin/customers/erase", R"({"email":"a@b.c","reason":"x"})");
    looking.fields.push_back({"Authorization", "Bearer onlooker-token-0123456789"});
    EXPECT_EQ(verdict(send(looking)), "403 forbidden");
    EXPECT_TRUE(commands_sent().empty());
}

TEST_F(EraseCustomerTest, GivenAnAddress_ThenItIsACommandWhoseAnswerDoesNotRepeatIt) {
    const auto response = erase(R"({"email":"ada@example.org","reason":"request 17","by":"kim"})");

    EXPECT_EQ(response.status, 202U);
    EXPECT_THAT(response.body, Not(HasSubstr("ada@example.org")));
    EXPECT_THAT(response.body, HasSubstr(R"("action":"customer.erase")"));
    const auto sent = commands_sent();
    ASSERT_EQ(sent.size(), 1U);
    EXPECT_EQ(sent[0].by, "kim");
    EXPECT_EQ(sent[0].reason, "request 17");
    EXPECT_EQ(std::get<orders::EraseCustomer>(sent[0].wish), orders::EraseCustomer(By::email, "ada@example.org"));
    EXPECT_EQ(field(response, "Location"), "/v1/admin/audit/" + sent[0].id);
}

TEST_F(EraseCustomerTest, GivenAnIdOfTheShop_ThenItIsOneOfItsOwnTenantUnlessAnotherIsNamed) {
    EXPECT_EQ(erase(R"({"customer_id":"c-1","reason":"x"})").status, 202U);
    EXPECT_EQ(only_customer_sent(), orders::EraseCustomer(By::id, "c-1", "default"));

    EXPECT_EQ(erase(R"({"customer_id":"c-1","tenant":"acme","reason":"x"})").status, 202U);
    EXPECT_EQ(only_customer_sent(), orders::EraseCustomer(By::id, "c-1", "acme"));
}

TEST_F(EraseCustomerTest, GivenACommandThatWasCarriedOut_ThenItsRecordSaysWhatIsInTheWay) {
    store_order(id);

    (void)erase(R"({"email":"ada@example.org","reason":"request 17"})");
    const auto sent = commands_sent();
    ASSERT_EQ(sent.size(), 1U);
    while (loop.run(store.operate(sent[0])).value().kind != orders::OperatorStep::Kind::finished) {
    }

    const auto record = send(get("/v1/admin/audit/" + sent[0].id)).body;
    EXPECT_THAT(record, HasSubstr(R"("code":"erasure.orders_kept")"));
    EXPECT_THAT(record, HasSubstr("0 orders erased, 1 kept."));
    EXPECT_THAT(record, Not(HasSubstr("ada@example.org")));
}

}  // namespace
}  // namespace orderflow::api
