// Goal: the whole is the sum of its instances, and what nobody can tell alone is seen from all of them.
#include "libs/instances/overview.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/instances/instance_samples_test.hpp"

namespace orderflow::instances {
namespace {

using samples::at;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const WallTime now = from_unix_ms(1'767'225'600'000) + 1h;

// The last minute of an instance, six rows of ten seconds.
std::vector<InstanceRow> minute_of(const InstanceRow& pattern) {
    std::vector<InstanceRow> rows;
    for (int i = 5; i >= 0; --i) {
        rows.push_back(pattern);
        rows.back().until = now - i * 10s;
        rows.back().from = rows.back().until - 10s;
    }
    return rows;
}

std::vector<InstanceRow> all_of(std::initializer_list<InstanceRow> patterns) {
    std::vector<InstanceRow> rows;
    for (const auto& pattern : patterns) {
        for (auto& row : minute_of(pattern)) rows.push_back(std::move(row));
    }
    return rows;
}

std::vector<std::string> names(const Overview& overview) {
    std::vector<std::string> found;
    for (const auto& raised : overview.alarms) found.push_back(raised.alarm.name);
    return found;
}

TEST(Overview, GivenNoRowsAtAll_ThenOnlyThatNoWorkerReports) {
    const auto overview = overview_of({}, {}, {}, false, now);

    EXPECT_THAT(names(overview), ElementsAre("worker-silent"));
    EXPECT_THAT(overview.instances, IsEmpty());
    EXPECT_EQ(overview.pace.per_minute.accepted, 0);
}

TEST(Overview, GivenTwoApisAndTwoWorkers_ThenTheirRatesAreSummed) {
    const auto rows = all_of({samples::api("a", now, 10), samples::api("b", now, 30), samples::worker("w", now, 15),
                              samples::worker("x", now, 5)});
    const auto overview = overview_of(
        {samples::api("a", now), samples::api("b", now), samples::worker("w", now), samples::worker("x", now)}, rows,
        {}, false, now);

    EXPECT_EQ(overview.pace.figures.accepted, 240);
    EXPECT_EQ(overview.pace.per_minute.accepted, 240);
    EXPECT_EQ(overview.pace.per_minute.confirmed, 120);
    EXPECT_THAT(overview.alarms, IsEmpty());
}

TEST(Overview, GivenOneRowOnly_ThenItsRateIsThatOfTenSeconds) {
    const auto overview = overview_of({samples::api("a", now, 10), samples::worker("w", now)},
                                      std::vector{samples::api("a", now, 10)}, {}, false, now);

    EXPECT_EQ(overview.pace.per_minute.accepted, 60);
    EXPECT_EQ(overview.pace.covered, 10s);
}

TEST(Overview, GivenTheFirstReportAMomentAfterTheStart_ThenItIsTakenForOneOfTenSeconds) {
    auto first = samples::api("a", now, 10);
    first.from = now - 1ms;
    const auto overview = overview_of({first, samples::worker("w", now)}, std::vector{first}, {}, false, now);

    EXPECT_EQ(overview.pace.per_minute.accepted, 60);
}

TEST(Overview, GivenAnInstanceThatIsGone_ThenItHasNoRateAndNoWork) {
    auto gone = samples::worker("x", now - 40s, 50);
    gone.in_progress = 7;
    gone.alarms = {{.name = "database-down", .critical = true, .summary = "", .since = now - 50s}};
    auto live = samples::worker("w", now);
    live.in_progress = 2;
    const auto overview = overview_of({live, gone}, std::vector{live, gone}, {}, false, now);

    EXPECT_EQ(overview.pace.per_minute.confirmed, 0);
    EXPECT_EQ(overview.in_progress, 2);
    EXPECT_THAT(overview.alarms, IsEmpty());
    EXPECT_EQ(overview.instances[1].life, Life::gone);
}

TEST(Overview, GivenAnAlarmOfTwoInstances_ThenItIsOneSinceTheFirst) {
    auto one = samples::worker("w", now);
    one.alarms = {{.name = "database-down", .critical = true, .summary = "", .since = now - 20s}};
    auto other = samples::worker("x", now);
    other.alarms = {{.name = "database-down", .critical = true, .summary = "", .since = now - 60s}};
    const auto overview = overview_of({one, other}, {}, {}, false, now);

    ASSERT_THAT(overview.alarms, SizeIs(1));
    EXPECT_EQ(overview.alarms[0].alarm.since, now - 60s);
    EXPECT_THAT(overview.alarms[0].instances, ElementsAre("w", "x"));
}

TEST(Overview, GivenQueuesThatWereAsked_ThenOnlyTheOthersAreAsWorkersSawThem) {
    auto worker = samples::worker("w", now);
    worker.queues = {{.queue = "orders", .visible = 5, .in_flight = 0, .delayed = 0, .oldest_age = {}},
                     {.queue = "orders-dlq", .visible = 2, .in_flight = 0, .delayed = 0, .oldest_age = {}}};
    const QueueLevel asked{.queue = "orders", .visible = 9, .in_flight = 1, .delayed = 0, .oldest_age = {}};
    const auto overview = overview_of({worker}, {}, {asked}, false, now);

    EXPECT_THAT(overview.queues, ElementsAre(asked, worker.queues[1]));
}

TEST(WorkerSilent, GivenMessagesThatNobodyReceivesForAMinute_ThenRaised) {
    const QueueLevel waiting{.queue = "orders", .visible = 1, .in_flight = 0, .delayed = 0, .oldest_age = {}};
    const auto idle = all_of({samples::worker("w", now, 0)});
    const auto busy = all_of({samples::worker("w", now, 1)});
    const std::vector newest{samples::worker("w", now)};

    EXPECT_THAT(names(overview_of(newest, idle, {waiting}, false, now)), ElementsAre("worker-silent"));
    EXPECT_THAT(names(overview_of(newest, busy, {waiting}, false, now)), IsEmpty());
    EXPECT_THAT(names(overview_of(newest, idle, {}, false, now)), IsEmpty()) << "nothing waits";
    EXPECT_THAT(names(overview_of(newest, idle, {waiting}, true, now)), IsEmpty()) << "an operator paused them";
    EXPECT_THAT(names(overview_of(newest, std::vector{newest[0]}, {waiting}, false, now)), IsEmpty())
        << "it has just begun";
}

TEST(WorkerSilent, GivenCommandsThatWait_ThenTheyAreNoOrders) {
    const QueueLevel commands{.queue = "orders-commands", .visible = 1, .in_flight = 0, .delayed = 0, .oldest_age = {}};
    const auto idle = all_of({samples::worker("w", now, 0)});

    EXPECT_THAT(names(overview_of({samples::worker("w", now)}, idle, {commands}, false, now)), IsEmpty());
}

TEST(WorkerSilent, GivenNoLiveWorker_ThenRaisedSinceTheLastOneReported) {
    const auto overview = overview_of({samples::api("a", now), samples::worker("w", now - 5min)}, {}, {}, true, now);

    ASSERT_THAT(overview.alarms, SizeIs(1));
    EXPECT_EQ(overview.alarms[0].alarm.since, now - 5min);
}

TEST(History, GivenNoRows_ThenEmptySpansThatCoverTheTime) {
    const auto spans = History(at(0s), at(25s), 10s).take();

    ASSERT_THAT(spans, SizeIs(3));
    EXPECT_EQ(spans[2].from, at(20s));
    EXPECT_EQ(spans[2].until, at(25s));
    EXPECT_EQ(spans[2].instances, 0);
}

TEST(History, GivenRowsAtTheEdges_ThenEachIsInTheSpanItEndsIn) {
    History history(at(0s), at(20s), 10s);
    history.add(std::vector{samples::api("a", at(0s), 1), samples::api("a", at(1ms), 2), samples::api("a", at(10s), 4),
                            samples::api("a", at(10'001ms), 8), samples::api("a", at(20s), 16),
                            samples::api("a", at(20'001ms), 32)});
    const auto spans = std::move(history).take();

    EXPECT_EQ(spans[0].figures.accepted, 6);
    EXPECT_EQ(spans[1].figures.accepted, 24);
}

TEST(History, GivenSeveralInstancesAndCalls_ThenCountsAreSummedAndLevelsTheLargest) {
    auto first = samples::worker("w", at(5s), 3);
    first.in_progress = 9;
    first.queues = {{.queue = "orders", .visible = 50, .in_flight = 0, .delayed = 0, .oldest_age = 3s}};
    auto same = samples::worker("w", at(9s), 4);
    same.in_progress = 2;
    auto other = samples::worker("x", at(9s), 5);
    other.in_progress = 1;
    other.queues = {{.queue = "orders", .visible = 20, .in_flight = 6, .delayed = 0, .oldest_age = {}}};
    other.alarms = {{.name = "sync-slow", .critical = false, .summary = "", .since = at(8s)}};
    History history(at(0s), at(10s), 10s);
    history.add(std::vector{first});
    history.add(std::vector{same, other});
    const auto spans = std::move(history).take();

    ASSERT_THAT(spans, SizeIs(1));
    EXPECT_EQ(spans[0].figures.confirmed, 12);
    EXPECT_EQ(spans[0].in_progress, 10);
    EXPECT_EQ(spans[0].instances, 2);
    EXPECT_THAT(
        spans[0].queues,
        ElementsAre(QueueLevel{.queue = "orders", .visible = 50, .in_flight = 6, .delayed = 0, .oldest_age = 3s}));
    EXPECT_THAT(spans[0].alarms, ElementsAre("sync-slow"));
}

}  // namespace
}  // namespace orderflow::instances
