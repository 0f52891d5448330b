// Goal: minutes hold what their ten seconds held.
#include "libs/instances/retention.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/instances/instance_samples_test.hpp"

namespace orderflow::instances {
namespace {

using samples::at;
using testing::ElementsAre;
using testing::SizeIs;

TEST(Thinned, GivenNothing_ThenNothing) { EXPECT_TRUE(thinned({}).empty()); }

TEST(Thinned, GivenOneRowAMinute_ThenItStays) {
    const std::vector rows{samples::full("a", at(30s)), samples::full("a", at(90s))};

    EXPECT_EQ(thinned(rows), rows);
}

TEST(Thinned, GivenSixRowsOfAMinute_ThenOneWithTheirSums) {
    std::vector<InstanceRow> rows;
    for (const auto second : {50, 0, 10, 40, 20, 30}) {
        rows.push_back(samples::worker("w", at(std::chrono::seconds(second)), second));
        rows.back().figures.settle.add(0.1, 1);
    }

    const auto minutes = thinned(rows);

    ASSERT_THAT(minutes, SizeIs(1));
    EXPECT_EQ(minutes[0].figures.confirmed, 150);
    EXPECT_EQ(minutes[0].figures.settle.total(), 6);
    EXPECT_EQ(minutes[0].from, at(-10s));
    EXPECT_EQ(minutes[0].until, at(50s));
}

TEST(Thinned, GivenTwoInstancesAndMinutes_ThenOneRowForEach) {
    const auto minutes = thinned({samples::api("a", at(70s), 1), samples::api("b", at(10s), 2),
                                  samples::api("a", at(10s), 4), samples::api("a", at(20s), 8)});

    ASSERT_THAT(minutes, SizeIs(3));
    EXPECT_EQ(minutes[0].id + minutes[1].id + minutes[2].id, "baa");
    EXPECT_EQ(minutes[1].figures.accepted, 12);
}

TEST(Thinned, GivenLevelsAndAlarms_ThenTheLargestAndAllOfThem) {
    auto first = samples::worker("w", at(10s));
    first.in_progress = 40;
    first.paused = true;
    first.queues = {{.queue = "orders", .visible = 900, .in_flight = 1, .delayed = 0, .oldest_age = 5s}};
    first.alarms = {{.name = "queue-old", .critical = true, .summary = "", .since = at(5s)}};
    auto last = samples::worker("w", at(20s));
    last.in_progress = 3;
    last.queues = {{.queue = "orders", .visible = 7, .in_flight = 8, .delayed = 0, .oldest_age = {}}};
    last.alarms = {{.name = "sync-slow", .critical = false, .summary = "", .since = at(15s)}};

    const auto minutes = thinned({first, last});

    ASSERT_THAT(minutes, SizeIs(1));
    EXPECT_EQ(minutes[0].in_progress, 40);
    EXPECT_FALSE(minutes[0].paused) << "at its end";
    EXPECT_THAT(
        minutes[0].queues,
        ElementsAre(QueueLevel{.queue = "orders", .visible = 900, .in_flight = 8, .delayed = 0, .oldest_age = 5s}));
    EXPECT_THAT(minutes[0].alarms, SizeIs(2));
}

TEST(Timely, GivenRowsOfLongAgoOrOfAWrongClock_ThenTheyAreNot) {
    EXPECT_TRUE(is_timely(samples::api("a", at(1h)), at(1h + 4min)));
    EXPECT_FALSE(is_timely(samples::api("a", at(1h)), at(1h + 5min)));
    EXPECT_FALSE(is_timely(samples::api("a", at(1h)), at(1h - 5min)));
    auto reversed = samples::api("a", at(1h));
    reversed.from = reversed.until + 1ms;
    EXPECT_FALSE(is_timely(reversed, at(1h)));
}

}  // namespace
}  // namespace orderflow::instances
