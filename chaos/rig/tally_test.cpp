#include "chaos/rig/tally.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace orderflow::chaos {
namespace {

using testing::HasSubstr;

Tally sound(const std::string& scenario) {
    Tally tally;
    tally.scenario = scenario;
    tally.faults = 3;
    tally.acknowledged = 100;
    tally.settled = 90;
    return tally;
}

Tally skipped(const std::string& scenario, const std::string& why) {
    Tally tally;
    tally.scenario = scenario;
    tally.skipped = why;
    return tally;
}

TEST(Percentile, GivenAHundredTimes_WhenAsked_ThenItIsTheOneThatSoManyDoNotExceed) {
    std::vector<BootClock::duration> times;
    for (int i = 100; i >= 1; --i) times.emplace_back(i);

    EXPECT_EQ(percentile(times, 50).count(), 50);
    EXPECT_EQ(percentile(times, 99).count(), 99);
    EXPECT_EQ(percentile(times, 100).count(), 100);
}

TEST(Percentile, GivenFewTimes_WhenAsked_ThenTheHighPercentileIsTheLongest) {
    EXPECT_EQ(percentile({7ns}, 50), 7ns);
    EXPECT_EQ(percentile({3ns, 1ns, 2ns}, 99), 3ns);
    EXPECT_EQ(percentile({3ns, 1ns, 2ns}, 50), 2ns);
}

TEST(Tally, GivenFaultsAndOrdersAndNoFinding_WhenJudged_ThenItIsOk) { EXPECT_TRUE(sound("kills").ok()); }

TEST(Tally, GivenAFindingOfAnyKind_WhenJudged_ThenItIsNotOk) {
    for (auto kind : {&Tally::lost, &Tally::doubled, &Tally::oversold, &Tally::double_charges, &Tally::other}) {
        auto tally = sound("kills");
        tally.*kind = 1;
        EXPECT_FALSE(tally.ok());
    }
}

TEST(Tally, GivenAnExpectationThatDidNotHold_WhenJudged_ThenItIsNotOk) {
    auto tally = sound("full-disk");
    tally.broken.emplace_back("/healthz is not green");

    EXPECT_FALSE(tally.ok());
}

TEST(Tally, GivenARunWithoutFaultsOrWithoutOrders_WhenJudged_ThenItHasShownNothing) {
    auto without_faults = sound("kills");
    without_faults.faults = 0;
    auto without_orders = sound("kills");
    without_orders.acknowledged = 0;

    EXPECT_FALSE(without_faults.ok());
    EXPECT_FALSE(without_orders.ok());
}

TEST(Tally, GivenAuditsOfSeveralInstallations_WhenAdded_ThenTheCountsAreSums) {
    auto tally = sound("every-sync");
    auto audited = sound("");
    audited.lost = 2;

    tally.add(audited);
    tally.add(audited);

    EXPECT_EQ(tally.acknowledged, 300U);
    EXPECT_EQ(tally.settled, 270U);
    EXPECT_EQ(tally.lost, 4U);
    EXPECT_EQ(tally.faults, 3U);  // counted where they are injected
}

TEST(Verdict, GivenATrialThatFailedForAnotherReason_WhenItMustProveHarm_ThenTheAuditFoundNone) {
    auto tally = sound("no-sync");
    tally.broken.emplace_back("it does not come up");
    EXPECT_FALSE(tally.ok());
    EXPECT_EQ(tally.found_by_audit(), 0U);

    tally.lost = 2;
    tally.other = 1;
    EXPECT_EQ(tally.found_by_audit(), 3U);
}

TEST(Verdict, GivenASkippedScenario_WhenJudged_ThenItPassesOnADeskAndFailsInCi) {
    const std::vector tallies{sound("kills"), skipped("power-cuts", "no loop devices")};

    EXPECT_TRUE(passed(tallies, false));
    EXPECT_FALSE(passed(tallies, true));
}

TEST(Verdict, GivenOneFinding_WhenJudged_ThenTheRunFails) {
    std::vector tallies{sound("kills"), sound("power-cuts")};
    tallies[1].doubled = 1;

    EXPECT_FALSE(passed(tallies, false));
}

TEST(Table, GivenTallies_WhenShown_ThenEachHasARowAndTheLastLineSumsUp) {
    auto kills = sound("kills");
    kills.recoveries = {60ms, 70ms, 900ms};
    auto cuts = sound("power-cuts");
    cuts.lost = 5;
    cuts.broken.emplace_back("the audit is not clean");

    const auto text = table({kills, cuts, skipped("memory", "not root")});

    EXPECT_THAT(text, HasSubstr("70 ms"));
    EXPECT_THAT(text, HasSubstr("900 ms"));
    EXPECT_THAT(text, HasSubstr("FAILED"));
    EXPECT_THAT(text, HasSubstr("skipped: not root"));
    EXPECT_THAT(text, HasSubstr("power-cuts: the audit is not clean\n"));
    EXPECT_TRUE(
        text.ends_with("6 faults, 200 orders acknowledged: lost 5, doubled 0, oversold 0, double charges 0; "
                       "1 scenarios failed, 1 skipped\n"))
        << text;
}

}  // namespace
}  // namespace orderflow::chaos
