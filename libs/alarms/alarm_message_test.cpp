#include "libs/alarms/alarm_message.hpp"

#include <gtest/gtest.h>

#include "libs/json/parse.hpp"

namespace orderflow::alarms {
namespace {

class AlarmMessageTest : public testing::Test {
  protected:
    std::string text_of(const std::string& message, std::string_view member) {
        const auto document = json::parse(message, {.bytes = message.size()});
        const auto* found = document ? document->find(member) : nullptr;
        return found != nullptr && found->string() != nullptr ? std::string(*found->string()) : "nothing";
    }
    std::string encode(const AlarmChange& change, MessageForm form) {
        return encode_message(change, {.program = "orderflow", .instance = "shop-1"}, "2026-01-01T00:00:00.000Z", form);
    }
    static AlarmRule oldest_age() {
        AlarmRule rule;
        rule.name = "oldest-age";
        rule.severity = Severity::critical;
        rule.summary = "An order \"waits\".";
        return rule;
    }
    AlarmRule rule = oldest_age();
};

TEST_F(AlarmMessageTest, GivenAWebhook_ThenEveryMember) {
    const auto message = encode({&rule, true, 612.5}, MessageForm::webhook);

    EXPECT_EQ(text_of(message, "text"),
              "Orderflow: oldest-age began (critical) in orderflow on shop-1. An order \"waits\".");
    EXPECT_EQ(text_of(message, "alarm"), "oldest-age");
    EXPECT_EQ(text_of(message, "state"), "began");
    EXPECT_EQ(text_of(message, "severity"), "critical");
    EXPECT_EQ(text_of(message, "value"), "612.5");
    EXPECT_EQ(text_of(message, "at"), "2026-01-01T00:00:00.000Z");
}

TEST_F(AlarmMessageTest, GivenNoValue_ThenItIsLeftOut) {
    const auto message = encode({&rule, false, std::nullopt}, MessageForm::webhook);

    EXPECT_EQ(text_of(message, "state"), "ended");
    EXPECT_EQ(text_of(message, "value"), "nothing");
}

TEST_F(AlarmMessageTest, GivenSlack_ThenTextAlone) {
    const auto message = encode({&rule, true, 1}, form_for("hooks.slack.com"));

    EXPECT_TRUE(message.starts_with(R"({"text":"Orderflow: oldest-age began)")) << message;
    EXPECT_EQ(text_of(message, "alarm"), "nothing");
}

TEST(AlarmMessageForm, GivenAnotherHost_ThenTheWebhook) {
    EXPECT_EQ(form_for("hooks.slack.com.example"), MessageForm::webhook);
    EXPECT_EQ(form_for(""), MessageForm::webhook);
}

}  // namespace
}  // namespace orderflow::alarms
