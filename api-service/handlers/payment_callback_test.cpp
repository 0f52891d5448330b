#include "api-service/handlers/payment_callback.hpp"

#include "api-service/api_fixture_test.hpp"
#include "libs/contract/order_message.hpp"

namespace orderflow::api {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

// The signature of the tests is "good", at the time "now".
class PaymentCallbackTest : public ApiTest {
  protected:
    PaymentCallbackTest() {
        check_callback = [](const SignedRequest& request, WallTime) -> Result<void> {
            if (request.id == "msg_1" && request.timestamp == "now" && request.signature == "good") return {};
            return fail(ErrorKind::unauthorized, "webhook.signature_wrong");
        };
    }
    TestRequest callback(std::string body, std::string signature = "good") const {
        auto request = post_json("/v1/payments/callbacks", std::move(body));
        request.fields.emplace_back("webhook-id", "msg_1");
        request.fields.emplace_back("webhook-timestamp", "now");
        request.fields.emplace_back("webhook-signature", std::move(signature));
        return request;
    }
    std::string news() const { return R"({"key":")" + orders::charge_effect(id).value + R"(","state":"captured"})"; }
};

TEST_F(PaymentCallbackTest, GivenNoProviderThatCalls_ThenThereIsNothingHere) {
    check_callback = nullptr;

    EXPECT_EQ(verdict(send(callback(news()))), "404 not-found");
}

TEST_F(PaymentCallbackTest, GivenASignatureThatIsNotGood_ThenTheBodyIsNotLookedAt) {
    EXPECT_EQ(verdict(send(callback("{broken", "bad"))), "401 signature-invalid");
    EXPECT_EQ(verdict(send(post_json("/v1/payments/callbacks", news()))), "401 signature-invalid");
    auto twice = callback(news());
    twice.fields.emplace_back("webhook-signature", "good");
    EXPECT_EQ(verdict(send(twice)), "401 signature-invalid") << "two are none";
    EXPECT_THAT(commands.bodies(), IsEmpty());
}

TEST_F(PaymentCallbackTest, GivenASignedBodyThatIsNoNews_ThenItIsRefused) {
    EXPECT_EQ(verdict(send(callback("{"))), "400 malformed-json");
    EXPECT_EQ(verdict(send(callback(R"({"state":"captured"})"))), "422 validation-failed");
    auto text = callback(news());
    text.fields.front().second = "text/plain";
    EXPECT_EQ(send(text).status, 415U);
    EXPECT_EQ(verdict(send(callback(std::string(16 * 1024 + 1, ' ')))), "413 body-too-large");
    const auto stranger = orders::charge_effect(orders::LegibleIds::foreign()).value;
    EXPECT_EQ(verdict(send(callback(R"({"key":")" + stranger + R"("})"))), "404 order-not-found");
    EXPECT_THAT(commands.bodies(), IsEmpty());
}

TEST_F(PaymentCallbackTest, GivenNews_AlsoBeforeItsOrderIsStored_ThenItIsADurableCommand) {
    const auto response = send(callback(news()));

    EXPECT_EQ(response.status, 202U);
    ASSERT_THAT(commands.bodies(), SizeIs(1));
    EXPECT_THAT(queue.bodies(), IsEmpty());
    const auto message = contract::decode_message(commands.bodies()[0]);
    ASSERT_TRUE(message);
    EXPECT_EQ(std::get<orders::PaymentNews>(message->command).effect, orders::charge_effect(id));
}

}  // namespace
}  // namespace orderflow::api
