// Which event is sent next, and what an answer means for it and for those behind it.
#include "libs/orders/application/delivery/lane_progress.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "libs/testing/fake_clock.hpp"
#include "libs/testing/order_samples.hpp"
#include "libs/testing/seeded_entropy.hpp"

namespace orderflow::orders {
namespace {

using Kind = AttemptResult::Kind;
using samples::order_id;
using testing::ElementsAre;
using testing::IsEmpty;

const AttemptResult delivered(Kind::delivered);
const AttemptResult failed(Kind::failed);
constexpr std::uint64_t middle = std::uint64_t{1} << 63U;

class Lane : public ::testing::Test {
  protected:
    LaneProgress::Time moment() { return {clock.now(), clock.wall()}; }
    FeedEvent event(std::int64_t position, std::uint32_t order, std::int32_t version,
                    EventType type = EventType::order_created) {
        return {EventPosition{position, 0}, order_id(order), OrderEvent(version, type, clock.wall())};
    }
    static std::string name(const std::optional<LaneWork>& work) {
        if (!work) return "nothing";
        for (std::uint32_t order = 1; order < 400; ++order) {
            if (work->order == order_id(order)) return std::to_string(order) + ":" + std::to_string(work->version);
        }
        return "unknown";
    }
    std::string take() {
        auto work = lane.take(clock.now());
        const auto taken = name(work);
        if (work) under_way.insert_or_assign(taken, *work);
        return taken;
    }
    AttemptVerdict finish(const std::string& taken, const AttemptResult& result) {
        const auto work = under_way.at(taken);
        under_way.erase(taken);
        return lane.finished(work, result, moment(), middle);
    }
    void restart() { lane = LaneProgress(lane.stored(moment()), settings, moment()); }

    FakeClock clock;
    EndpointSettings settings;
    LaneProgress lane{EventLane(std::string(live_lane), LaneKind::live), settings, moment()};
    std::map<std::string, LaneWork> under_way;
};

TEST_F(Lane, GivenEventsOfTwoOrders_WhenTaken_ThenOneOfEachIsUnderWay) {
    lane.add({event(1, 1, 1), event(2, 1, 2), event(3, 2, 1)}, true);
    EXPECT_EQ(take(), "1:1");
    EXPECT_EQ(take(), "2:1");
    EXPECT_EQ(take(), "nothing");
    finish("1:1", delivered);
    EXPECT_EQ(take(), "1:2");
}

TEST_F(Lane, GivenAFailure_WhenTheOthersGoOn_ThenLaterEventsOfItsOrderWaitBehindIt) {
    lane.add({event(1, 1, 1), event(2, 1, 2), event(3, 2, 1)}, true);
    EXPECT_EQ(take(), "1:1");
    const auto verdict = finish("1:1", failed);
    EXPECT_EQ(verdict.outcome, DeliveryOutcome::failed);
    EXPECT_EQ(verdict.wait, std::chrono::seconds(5));
    EXPECT_EQ(take(), "2:1");
    finish("2:1", delivered);
    EXPECT_EQ(take(), "nothing");
    EXPECT_EQ(lane.stored(moment()).cursor, (EventPosition{3, 0})) << "the scan goes past an order that is held";

    lane.add({event(4, 1, 3)}, true);
    clock.advance(5s);
    EXPECT_EQ(take(), "1:1");
    finish("1:1", delivered);
    EXPECT_EQ(take(), "1:2");
    finish("1:2", delivered);
    EXPECT_EQ(take(), "1:3");
    finish("1:3", delivered);
    EXPECT_THAT(lane.stored(moment()).held, IsEmpty());
}

TEST_F(Lane, GivenACrash_WhenTheLaneIsReadAgain_ThenWhatWasNotStoredIsSentAgain) {
    lane.add({event(1, 1, 1), event(2, 2, 1), event(3, 3, 1)}, true);
    EXPECT_EQ(take(), "1:1");
    EXPECT_EQ(take(), "2:1");
    finish("2:1", delivered);
    EXPECT_EQ(lane.stored(moment()).cursor, EventPosition()) << "1:1 is not known to be there";
    restart();
    lane.add({event(1, 1, 1), event(2, 2, 1), event(3, 3, 1)}, true);
    EXPECT_EQ(take(), "1:1");
    EXPECT_EQ(take(), "2:1");
    EXPECT_EQ(take(), "3:1");
}

TEST_F(Lane, GivenARestart_WhenAnOrderIsHeld_ThenItsWaitGoesOnWhereverTheWallClockIs) {
    lane.add({event(1, 1, 1)}, true);
    take();
    finish("1:1", failed);
    const auto stored = lane.stored(moment());
    clock.jump_wall(-std::chrono::hours(1000));
    lane = LaneProgress(stored, settings, moment());
    EXPECT_EQ(take(), "nothing");
    clock.advance(5s);
    EXPECT_EQ(take(), "1:1");
    lane = LaneProgress(stored, settings, moment());
    clock.jump_wall(std::chrono::hours(2000));
    lane = LaneProgress(stored, settings, moment());
    EXPECT_EQ(take(), "1:1");
}

TEST_F(Lane, GivenOneTransitionWithTwoEvents_WhenTheFirstIsDelivered_ThenTheCursorWaitsForBoth) {
    lane.add({event(1, 1, 1), event(1, 1, 2)}, true);
    take();
    finish("1:1", delivered);
    EXPECT_EQ(lane.stored(moment()).cursor, EventPosition());
    take();
    finish("1:2", delivered);
    EXPECT_EQ(lane.stored(moment()).cursor, (EventPosition{1, 0}));
}

TEST_F(Lane, GivenTypesThatAreNotWanted_WhenRead_ThenTheyArePassedBy) {
    settings.events = {EventType::order_confirmed};
    lane = LaneProgress(EventLane(std::string(live_lane), LaneKind::live), settings, moment());
    lane.add({event(1, 1, 1), event(2, 1, 2, EventType::order_confirmed), event(3, 1, 3)}, true);
    EXPECT_EQ(take(), "1:2");
    finish("1:2", delivered);
    EXPECT_EQ(lane.stored(moment()).cursor, (EventPosition{3, 0}));
}

TEST_F(Lane, GivenTenFailuresInARow_WhenMoreIsThere_ThenOnlyWhatIsHeldIsTriedOneAtATime) {
    std::vector<FeedEvent> events;
    for (std::uint32_t order = 1; order <= 20; ++order) events.push_back(event(order, order, 1));
    lane.add(std::move(events), true);
    for (int i = 1; i <= 10; ++i) finish(take(), failed);
    EXPECT_TRUE(lane.is_failing());
    EXPECT_FALSE(lane.wants_events());
    EXPECT_EQ(take(), "nothing");
    clock.advance(5s);
    const auto probe = take();
    EXPECT_EQ(probe, "1:1");
    EXPECT_EQ(take(), "nothing");

    finish(probe, delivered);
    EXPECT_TRUE(lane.wants_events());
    clock.advance(LaneProgress::catch_up_within);
    std::size_t taken = 0;
    while (take() != "nothing") ++taken;
    EXPECT_EQ(taken, 19U) << "nine that were held, ten that are new";
}

TEST_F(Lane, GivenAReceiverThatNeverAnswers_WhenTheScheduleIsOver_ThenTheEndpointIsDisabledAndKeepsTheEvent) {
    lane.add({event(1, 1, 1)}, true);
    const auto begun = clock.now();
    for (std::int32_t attempt = 1; attempt < attempts_max; ++attempt) {
        ASSERT_EQ(take(), "1:1");
        const auto verdict = finish("1:1", failed);
        ASSERT_EQ(verdict.outcome, DeliveryOutcome::failed) << attempt;
        clock.advance(*verdict.wait);
    }
    EXPECT_EQ(clock.now() - begun, std::chrono::hours(75) + std::chrono::minutes(35) + std::chrono::seconds(5));
    take();
    const auto last = finish("1:1", failed);
    EXPECT_EQ(last.outcome, DeliveryOutcome::disabled);
    EXPECT_EQ(last.disable, "failing");

    restart();
    lane.endpoint_changed(settings, 7, clock.now());
    EXPECT_EQ(take(), "1:1") << "enabled again, it goes on where it was";
    EXPECT_FALSE(lane.is_failing());
}

TEST_F(Lane, GivenAnOrderThatAReceiverRefuses_WhenOthersAreDelivered_ThenItsEventIsGivenUpInTheEnd) {
    lane.add({event(1, 1, 1), event(2, 1, 2)}, true);
    AttemptVerdict verdict;
    for (std::int32_t attempt = 1; attempt <= attempts_max; ++attempt) {
        ASSERT_EQ(take(), "1:1");
        verdict = finish("1:1", failed);
        lane.add({event(2 + attempt, 2, attempt)}, true);
        if (verdict.wait) clock.advance(std::chrono::milliseconds(1));
        finish(take(), delivered);
        if (verdict.wait) clock.advance(*verdict.wait);
    }
    EXPECT_EQ(verdict.outcome, DeliveryOutcome::given_up);
    EXPECT_EQ(lane.stored(moment()).given_up, 1);
}

TEST_F(Lane, GivenAnEndpointThatIsGone_WhenItSaysSo_ThenItIsDisabledAndTheEventIsKept) {
    lane.add({event(1, 1, 1)}, true);
    take();
    const auto verdict = finish("1:1", AttemptResult(Kind::gone));
    EXPECT_EQ(verdict.outcome, DeliveryOutcome::disabled);
    EXPECT_EQ(verdict.disable, "gone");
    EXPECT_EQ(lane.stored(moment()).held.size(), 1U);
}

TEST_F(Lane, GivenRetryAfter_WhenOthersCouldBeSent_ThenTheLaneWaitsAnHourAtMost) {
    lane.add({event(1, 1, 1), event(2, 2, 1)}, true);
    take();
    AttemptResult busy(Kind::failed);
    busy.retry_after = std::chrono::hours(50);
    EXPECT_EQ(finish("1:1", busy).wait, std::chrono::hours(1));
    clock.advance(59min);
    EXPECT_EQ(take(), "nothing");
    clock.advance(1min);
    EXPECT_EQ(take(), "1:1");
    EXPECT_EQ(take(), "2:1");
}

TEST_F(Lane, GivenACallThatWasDroppedByUs_WhenTakenAgain_ThenNoAttemptIsCounted) {
    lane.add({event(1, 1, 1)}, true);
    take();
    finish("1:1", AttemptResult(Kind::dropped));
    auto work = lane.take(clock.now());
    ASSERT_TRUE(work);
    EXPECT_EQ(work->attempt, 1);
}

TEST_F(Lane, GivenAHeldOrderWhoseHistoryCannotBeRead_WhenDropped_ThenItWaitsAsLongAsItIsToldAndNoAttemptIsCounted) {
    lane.add({event(1, 1, 1)}, true);
    take();
    finish("1:1", failed);
    clock.advance(5s);
    take();
    AttemptResult unread(Kind::dropped);
    unread.retry_after = 1s;
    finish("1:1", unread);
    EXPECT_EQ(take(), "nothing") << "a store that is down is not asked without pause";
    clock.advance(1s);
    const auto work = lane.take(clock.now());
    ASSERT_TRUE(work);
    EXPECT_EQ(work->attempt, 2);
}

TEST_F(Lane, GivenManyOrdersThatAreRefused_WhenTheBoundIsReached_ThenNothingNewIsTaken) {
    for (std::uint32_t order = 1; order <= 300; ++order) {
        lane.add({event(order, order, 1), event(order, 399, static_cast<std::int32_t>(order))}, false);
        const auto first = take();
        if (first == "nothing") break;
        if (first.starts_with("399:")) {
            finish(first, delivered);
        } else {
            finish(first, failed);
        }
        const auto second = take();
        if (second != "nothing") finish(second, second.starts_with("399:") ? delivered : failed);
    }
    EXPECT_LE(lane.held_orders(), limits::held_orders_max);
    EXPECT_EQ(lane.held_orders(), limits::held_orders_max);
    EXPECT_FALSE(lane.wants_events());
}

TEST_F(Lane, GivenAReplayOfARange_WhenItsEndIsRead_ThenItIsOverAfterTheLastDelivery) {
    EventLane range("replay", LaneKind::range);
    range.since = clock.wall();
    range.until = clock.wall() + 1min;
    range.found_start = false;
    lane = LaneProgress(range, settings, moment());
    EXPECT_FALSE(lane.wants_events()) << "nobody has found its start";
    lane.start_at({0, 0});
    EXPECT_TRUE(lane.wants_events());
    const auto inside = event(1, 1, 1);
    clock.advance(2min);
    lane.add({inside, event(2, 2, 1)}, true);
    EXPECT_EQ(take(), "1:1");
    EXPECT_EQ(take(), "nothing") << "the other is behind the range";
    EXPECT_FALSE(lane.is_over());
    finish("1:1", delivered);
    EXPECT_TRUE(lane.is_over());
}

TEST_F(Lane, GivenAnOrderThatWaitedInTheQueue_WhenTheTimeOfItsCommitIsReplayed_ThenItsFirstEventIsSentToo) {
    EventLane range("replay", LaneKind::range);
    range.since = clock.wall() + 1h;
    range.until = clock.wall() + 2h;
    lane = LaneProgress(range, settings, moment());
    const auto accepted = event(1, 1, 1, EventType::order_accepted);
    clock.advance(90min);
    const auto reserved = event(1, 1, 2, EventType::inventory_reserved);
    lane.add({accepted, reserved}, true);
    EXPECT_EQ(take(), "1:1");
    finish("1:1", failed);
    clock.advance(10s);
    EXPECT_EQ(take(), "1:1");
    const std::vector<OrderEvent> history{accepted.event, reserved.event};
    const auto* next = lane.next_wanted(history, 2);
    ASSERT_NE(next, nullptr);
    EXPECT_EQ(next->version, 1) << "read from the history it is wanted as well";
    EXPECT_EQ(lane.next_wanted({reserved.event}, 1), nullptr);
}

TEST_F(Lane, GivenAHeldOrderWithoutHistory_WhenItsEventsAreGone_ThenItHoldsNothingAnyMore) {
    EventLane one("replay", LaneKind::one);
    one.read_all = true;
    HeldOrder held;
    held.order = order_id(1);
    held.next = 3;
    held.through = 3;
    one.held = {held};
    lane = LaneProgress(one, settings, moment());
    auto work = lane.take(clock.now());
    ASSERT_TRUE(work);
    lane.nothing_left(*work);
    EXPECT_TRUE(lane.is_over());
}

// Whatever fails and whenever it dies: of each order, first deliveries come in the order of versions and none is
// missing.
TEST_F(Lane, GivenFailuresAndCrashesOfEverySeed_WhenRun_ThenEachOrderIsDeliveredInOrderAndWhole) {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        SeededEntropy dice(seed);
        std::vector<FeedEvent> history;
        std::map<std::uint32_t, std::int32_t> versions;
        for (std::int64_t position = 1; position <= 60; ++position) {
            const auto order = static_cast<std::uint32_t>(1 + dice.below(6));
            history.push_back(event(position, order, ++versions[order]));
        }
        lane = LaneProgress(EventLane(std::string(live_lane), LaneKind::live), settings, moment());
        auto stored = lane.stored(moment());
        std::map<std::uint32_t, std::int32_t> seen;
        std::vector<std::pair<LaneWork, std::string>> flying;
        for (int step = 0; step < 5000; ++step) {
            if (lane.wants_events()) {
                std::vector<FeedEvent> page;
                const auto size = 1 + dice.below(8);
                for (const auto& one : history) {
                    if (one.at > lane.read_to() && page.size() < size) page.push_back(one);
                }
                lane.add(std::move(page), false);
            }
            if (auto work = lane.take(clock.now())) {
                const auto text = name(work);
                const auto colon = text.find(':');
                const auto order = static_cast<std::uint32_t>(std::stoul(text.substr(0, colon)));
                auto& newest = seen[order];
                ASSERT_LE(work->version, newest + 1) << "seed " << seed << ": " << text << " overtakes";
                const bool good = dice.below(4) != 0;
                if (good) newest = std::max(newest, work->version);
                (void)lane.finished(*work, good ? delivered : failed, moment(), dice.next_u64());
            } else {
                clock.advance(std::chrono::hours(1));
            }
            if (dice.below(5) == 0) stored = lane.stored(moment());
            if (dice.below(20) == 0) lane = LaneProgress(stored, settings, moment());
            if (lane.stored(moment()).given_up > 0) break;  // what is given up is missing on purpose
        }
        if (lane.stored(moment()).given_up > 0) continue;
        ASSERT_EQ(seen, versions) << "seed " << seed;
    }
}

}  // namespace
}  // namespace orderflow::orders
