// Goal: what begins and ends is told once, everywhere.
#include "programs/alarm_watch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/testing/fake_clock.hpp"

namespace orderflow {
namespace {

using ::testing::HasSubstr;

class KeptLines final : public observe::LogSink {
  public:
    void write(observe::LogLevel, std::string_view line) override { text += std::string(line) + "\n"; }
    std::string text;
};

std::vector<alarms::AlarmRule> one_rule() {
    alarms::AlarmRule rule;
    rule.name = "deep";
    rule.severity = alarms::Severity::critical;
    rule.summary = "It is deep.";
    rule.measure = alarms::Level{.of = {.metric = "orderflow_depth", .labels = {}}};
    rule.threshold = rule.clears_at = 100;
    rule.hold = 10s;
    return {rule};
}

class AlarmWatchTest : public ::testing::Test {
  protected:
    void look_for(BootClock::duration time) {
        for (const auto end = clock.now() + time; clock.now() < end; clock.advance(5s)) watch.look();
    }

    FakeClock clock;
    KeptLines lines;
    observe::Logger log{clock, lines, observe::LogLevel::info};
    observe::Metrics metrics;
    observe::Gauge& depth = metrics.gauge("orderflow_depth", "Depth.");
    std::string told;
    AlarmWatch watch{{clock, log, metrics}, one_rule(), [this](const alarms::AlarmChange& change) {
                         told += change.rule->name + (change.began ? " began " : " ended ");
                     }};
};

TEST_F(AlarmWatchTest, GivenNothingIsWrong_ThenTheAlarmIsThereAndNotActive) {
    look_for(1min);

    EXPECT_THAT(metrics.render(), HasSubstr("orderflow_alarm_active{name=\"deep\"} 0\n"));
    EXPECT_EQ(told, "");
    EXPECT_EQ(lines.text, "");
}

TEST_F(AlarmWatchTest, GivenAValueBeyondItsThreshold_ThenToldOnceAfterTheHoldTime) {
    depth.set(101);

    look_for(10s);
    EXPECT_EQ(told, "");
    look_for(1min);

    EXPECT_EQ(told, "deep began ");
    EXPECT_THAT(metrics.render(), HasSubstr("orderflow_alarm_active{name=\"deep\"} 1\n"));
    EXPECT_THAT(lines.text, HasSubstr(R"("event":"alarm.began")"));
    EXPECT_THAT(lines.text, HasSubstr(R"("alarm":"deep")"));
    EXPECT_EQ(lines.text.find("alarm.began"), lines.text.rfind("alarm.began"));
}

TEST_F(AlarmWatchTest, GivenAnActiveAlarm_WhenTheValueIsBack_ThenItsEndIsTold) {
    depth.set(101);
    look_for(1min);

    depth.set(1);
    look_for(5s);

    EXPECT_EQ(told, "deep began deep ended ");
    EXPECT_THAT(metrics.render(), HasSubstr("orderflow_alarm_active{name=\"deep\"} 0\n"));
    EXPECT_THAT(lines.text, HasSubstr(R"("event":"alarm.ended")"));
}

}  // namespace
}  // namespace orderflow
