#include "libs/contract/payment_callback.hpp"

#include <gtest/gtest.h>

#include "libs/json/parse.hpp"

namespace orderflow::contract {
namespace {

std::expected<orders::PaymentNews, FieldErrors> read(const std::string& body) {
    const auto document = json::parse(body, {.bytes = callback_bytes_max}).value();
    return read_payment_callback(document);
}

TEST(PaymentCallback, GivenBodiesWithoutAKeyOfOurs_WhenRead_ThenTheRuleIsNamed) {
    EXPECT_EQ(read("[]").error().reported().front().rule, Rule::wrong_type);
    EXPECT_EQ(read("{}").error().reported().front().rule, Rule::required);
    EXPECT_EQ(read(R"({"key":7})").error().reported().front().rule, Rule::wrong_type);
    EXPECT_EQ(read(R"({"key":"evt_1"})").error().reported().front().rule, Rule::invalid_format);
    EXPECT_EQ(read(R"({"key":"ord_00000000000000000000000001:charge","key":"x"})").error().reported().front().rule,
              Rule::duplicate_key);
}

TEST(PaymentCallback, GivenAnEffect_WhenRead_ThenItsKeySaysWhichOrder_AndTheRestIsPassedOver) {
    const auto news = read(R"({"key":"ord_00000000000000000000000001:refund","state":"refunded","amount":2500})");

    ASSERT_TRUE(news);
    EXPECT_EQ(news->id.to_string(), "ord_00000000000000000000000001");
    EXPECT_EQ(news->effect, orders::refund_effect(news->id));
}

}  // namespace
}  // namespace orderflow::contract
