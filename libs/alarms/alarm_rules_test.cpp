// Goal: contracts/alarms.json is read as it stands, and a file that says something else is refused with the place.
#include "libs/alarms/alarm_rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace orderflow::alarms {
namespace {

using testing::HasSubstr;

std::string file_with(std::string_view what, std::string_view instead) {
    std::string text = R"({"alarms":[{"name":"deep","severity":"critical","summary":"S.","programs":["orderflow"],
        "measure":{"kind":"level","of":{"metric":"orderflow_depth","labels":{"queue":["a","b"]}},"take":"largest"},
        "above":10.5,"clears_at":5,"hold_seconds":30,"clear_hold_seconds":60}]})";
    if (const auto at = text.find(what); !what.empty() && at != text.npos) text.replace(at, what.size(), instead);
    return text;
}

std::string refusal(std::string_view what, std::string_view instead) {
    const auto rules = read_alarm_rules(file_with(what, instead));
    return rules ? "" : rules.error().detail();
}

TEST(AlarmRules, GivenTheFileOfThisRepository_ThenEveryProgramHasAlarms) {
    const auto rules = read_alarm_rules(standard_alarms_json());

    ASSERT_TRUE(rules) << rules.error().detail();
    EXPECT_EQ(rules->size(), rules_of("orderflow", *rules).size()) << "the program that is all of it has all alarms";
    for (const auto* program : {"api-service", "worker-service", "queue-service"}) {
        EXPECT_FALSE(rules_of(program, *rules).empty()) << program;
        EXPECT_LT(rules_of(program, *rules).size(), rules->size()) << program;
    }
}

TEST(AlarmRules, GivenOneAlarm_ThenItIsRead) {
    const auto rules = read_alarm_rules(file_with("", ""));

    ASSERT_TRUE(rules) << rules.error().detail();
    const auto& rule = rules->front();
    EXPECT_EQ(rule.name, "deep");
    EXPECT_EQ(rule.severity, Severity::critical);
    EXPECT_TRUE(rule.above);
    EXPECT_EQ(rule.threshold, 10.5);
    EXPECT_EQ(rule.clears_at, 5);
    EXPECT_EQ(rule.hold, 30s);
    EXPECT_EQ(rule.clear_hold, 60s);
    const auto& level = std::get<Level>(rule.measure);
    EXPECT_EQ(level.of.metric, "orderflow_depth");
    EXPECT_EQ(level.of.labels.at("queue"), (std::set<std::string>{"a", "b"}));
}

TEST(AlarmRules, GivenWhatIsNoAlarm_ThenRefusedWithThePlace) {
    EXPECT_THAT(refusal(R"("name":"deep")", R"("name":"Deep")"), HasSubstr("/alarms/0/name must be small letters"));
    EXPECT_THAT(refusal("critical", "bad"), HasSubstr("/alarms/0/severity"));
    EXPECT_THAT(refusal("\"level\"", "\"mean\""), HasSubstr("/alarms/0/measure/kind"));
    EXPECT_THAT(refusal(R"(["a","b"])", R"(["a","a"])"), HasSubstr("/alarms/0/measure/of/labels"));
    EXPECT_THAT(refusal(R"("above":10.5,)", ""), HasSubstr("/alarms/0/above or below"));
    EXPECT_THAT(refusal(R"("clears_at":5)", R"("clears_at":11)"), HasSubstr("/alarms/0/clears_at"));
    EXPECT_THAT(refusal(R"("hold_seconds":30)", R"("hold_seconds":1.5)"), HasSubstr("/alarms/0/hold_seconds"));
    EXPECT_THAT(refusal("\"alarms\"", "\"others\""), HasSubstr("/alarms must be a list"));
    EXPECT_NE(refusal("{", ""), "");
}

TEST(AlarmRules, GivenTwoOfOneName_ThenRefused) {
    auto text = file_with("", "");
    const auto alarm = text.substr(text.find('[') + 1, text.rfind(']') - text.find('[') - 1);
    text.insert(text.rfind(']'), "," + alarm);

    const auto rules = read_alarm_rules(text);

    ASSERT_FALSE(rules);
    EXPECT_EQ(rules.error().detail(), "two alarms are named deep");
}

}  // namespace
}  // namespace orderflow::alarms
