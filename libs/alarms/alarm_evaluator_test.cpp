// Goal: an alarm begins after its hold time and not before, ends in the same way, and a value that wavers does neither.
#include "libs/alarms/alarm_evaluator.hpp"

#include <gtest/gtest.h>

#include "libs/testing/fake_clock.hpp"

namespace orderflow::alarms {
namespace {

AlarmRule deep() {
    AlarmRule rule;
    rule.name = "deep";
    rule.measure = Level{.of = {.metric = "orderflow_depth", .labels = {}}};
    rule.threshold = 100;
    rule.clears_at = 50;
    rule.hold = 30s;
    rule.clear_hold = 60s;
    return rule;
}

class AlarmTest : public testing::Test {
  protected:
    // What changed, when the value is this for so long, looked at every 5 s: '+' began, '-' ended.
    std::string feed(std::optional<double> value, BootClock::duration time) {
        std::string changes;
        for (BootClock::duration passed{}; passed < time; passed += 5s) {
            std::vector<observe::Reading> readings;
            if (value) readings.push_back({.name = "orderflow_depth", .labels = {}, .value = *value});
            for (const auto& change : evaluator.evaluate(readings, clock.now())) changes += change.began ? '+' : '-';
            clock.advance(5s);
        }
        return changes;
    }

    FakeClock clock;
    AlarmEvaluator evaluator{{deep()}};
};

TEST_F(AlarmTest, GivenAPeakShorterThanTheHoldTime_ThenNothing) {
    EXPECT_EQ(feed(101, 30s), "");
    EXPECT_EQ(feed(100, 5s), "") << "at the threshold is not beyond it";
    EXPECT_EQ(feed(101, 30s), "") << "the hold time begins anew";
    EXPECT_FALSE(evaluator.is_active(0));
}

TEST_F(AlarmTest, GivenAValueBeyondForTheHoldTime_ThenItBeginsOnce) {
    EXPECT_EQ(feed(101, 31s), "+");
    EXPECT_EQ(feed(500, 10min), "");
    EXPECT_TRUE(evaluator.is_active(0));
}

TEST_F(AlarmTest, GivenAValueBetweenTheBounds_ThenAnActiveOneStays) {
    feed(101, 31s);

    EXPECT_EQ(feed(51, 10min), "");
    EXPECT_EQ(feed(50, 60s), "");
    EXPECT_EQ(feed(99, 5s), "") << "the clear hold time begins anew";
    EXPECT_EQ(feed(50, 61s), "-");
}

TEST_F(AlarmTest, GivenNoValueAnyMore_ThenItEnds) {
    feed(101, 31s);

    EXPECT_EQ(feed(std::nullopt, 61s), "-");
}

TEST_F(AlarmTest, GivenNoHoldTime_ThenItBeginsAtOnce) {
    auto rule = deep();
    rule.hold = {};
    AlarmEvaluator at_once({rule});
    const std::vector<observe::Reading> readings{{.name = "orderflow_depth", .labels = {}, .value = 101}};

    const auto changes = at_once.evaluate(readings, clock.now());

    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes.front().rule->name, "deep");
    EXPECT_EQ(changes.front().value, 101);
}

TEST(AlarmBelow, GivenAValueThatMustNotFall_ThenBelowIsBeyond) {
    auto rule = deep();
    rule.above = false;
    rule.threshold = 0.1;
    rule.clears_at = 0.2;
    rule.hold = rule.clear_hold = {};
    AlarmState state;

    EXPECT_FALSE(state.look(rule, 0.1, Instant(1h)));
    EXPECT_TRUE(state.look(rule, 0.09, Instant(1h)));
    EXPECT_FALSE(state.look(rule, 0.19, Instant(1h)));
    EXPECT_TRUE(state.look(rule, 0.2, Instant(1h)));
    EXPECT_FALSE(state.is_active());
}

}  // namespace
}  // namespace orderflow::alarms
