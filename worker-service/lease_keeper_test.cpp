#include "worker-service/lease_keeper.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "libs/testing/sim_loop.hpp"
#include "worker-service/call_batcher.hpp"

namespace orderflow::worker {
namespace {

class Keeper : public ::testing::Test {
  protected:
    static LeasePolicy policy() { return {.timeout = 60s, .extend_at = 30s, .hold_max = 600s}; }

    // Takes `call_takes`, then gives `answer`.
    task<Result<void>> extend(orders::ReceiptHandle receipt) {
        asked.push_back(receipt.value);
        asked_at.push_back(loop.clock().now() - start);
        if (call_takes > 0s) co_await sleep_until(loop, loop.clock().now() + call_takes);
        co_return answer;
    }
    task<void> release_into(LeaseKeeper::Lease lease) {  // the fixture outlives it
        ours_until = co_await keeper.release(lease);
        released = true;
    }
    void release(LeaseKeeper::Lease lease) {
        loop.spawn(release_into(lease));
        loop.run_ready();
    }

    SimLoop loop;
    Instant start = loop.clock().now();
    BootClock::duration call_takes{0};
    Result<void> answer;
    std::vector<std::string> asked;
    std::vector<BootClock::duration> asked_at;
    LeaseKeeper keeper{
        orders::LoopParts{loop, Spawner(loop.context().get_executor()), loop.clock()}, policy(),
        [this](orders::ReceiptHandle receipt, std::chrono::seconds) { return extend(std::move(receipt)); }};
    bool released = false;
    std::optional<Instant> ours_until;
};

TEST_F(Keeper, GivenAShortPieceOfWork_WhenReleased_ThenTheQueueWasNeverAsked) {
    const auto lease = keeper.hold({"r1"}, start);
    loop.advance(29s);

    release(lease);
    loop.advance(10min);

    EXPECT_EQ(ours_until, start + 60s);
    EXPECT_TRUE(asked.empty());
}

TEST_F(Keeper, GivenLongWork_WhenHeld_ThenEachExtensionComesHalfALeaseAfterTheLast) {
    const auto lease = keeper.hold({"r1"}, start);

    loop.advance(95s);
    release(lease);

    EXPECT_EQ(asked_at, (std::vector<BootClock::duration>{30s, 60s, 90s}));
    EXPECT_EQ(ours_until, start + 150s);
}

TEST_F(Keeper, GivenAnExtensionUnderWay_WhenReleased_ThenTheReleaseWaitsForItAndNoneFollows) {
    call_takes = 5s;
    const auto lease = keeper.hold({"r1"}, start);
    loop.advance(31s);

    release(lease);
    EXPECT_FALSE(released);
    loop.advance(4s);

    EXPECT_TRUE(released);
    EXPECT_EQ(ours_until, start + 90s);  // counted from the ask
    loop.advance(10min);
    EXPECT_EQ(asked.size(), 1U);
}

TEST_F(Keeper, GivenAQueueThatDoesNotAnswer_WhenItReturnsInTime_ThenTheLeaseIsKept) {
    answer = fail(ErrorKind::unavailable, "queue.down");
    const auto lease = keeper.hold({"r1"}, start);
    loop.advance(45s);
    answer = {};
    loop.advance(2s);

    release(lease);

    EXPECT_GT(ours_until, start + 100s);
    EXPECT_GE(asked.size(), 15U);
}

TEST_F(Keeper, GivenAQueueThatDoesNotAnswer_WhenTheLeaseEnds_ThenItMayBeLost) {
    answer = fail(ErrorKind::unavailable, "queue.down");
    const auto lease = keeper.hold({"r1"}, start);
    loop.advance(5min);

    release(lease);

    EXPECT_TRUE(released);
    EXPECT_EQ(ours_until, std::nullopt);
    EXPECT_LE(asked.size(), 32U);
}

TEST_F(Keeper, GivenAReceiptThatIsDead_WhenExtended_ThenTheLeaseIsLostAndNotAskedForAgain) {
    answer = fail(ErrorKind::conflict, "queue.message_not_inflight");
    const auto lease = keeper.hold({"r1"}, start);
    loop.advance(5min);

    release(lease);

    EXPECT_EQ(ours_until, std::nullopt);
    EXPECT_EQ(asked.size(), 1U);
}

TEST_F(Keeper, GivenTheLongestTimeAMessageMayBeHeld_WhenItIsOver_ThenItIsLetGo) {
    keeper.hold({"r1"}, start);

    loop.advance(1h);

    EXPECT_LE(asked_at.back(), 600s);
}

TEST_F(Keeper, GivenALeaseThatIsLetGo_WhenReleasedBeforeItEnds_ThenItIsStillOurs) {
    const auto lease = keeper.hold({"r1"}, start);
    loop.advance(600s);  // asked for at 570 s, good until 630 s
    loop.advance(15s);

    release(lease);

    EXPECT_EQ(ours_until, start + 630s);
    EXPECT_EQ(asked_at.back(), 570s);
}

TEST_F(Keeper, GivenALeaseThatIsLetGo_WhenReleasedAfterItsEnd_ThenItMayBeLost) {
    const auto lease = keeper.hold({"r1"}, start);
    loop.advance(631s);

    release(lease);

    EXPECT_EQ(ours_until, std::nullopt);
}

// Amazon SQS: 12 h from the receive, and a change beyond them is refused.
TEST(LeasePolicy, GivenItsDefaults_ThenNoLeaseReachesTheTwelveHoursOfAmazonSqs) {
    const LeasePolicy policy;
    EXPECT_LT(policy.hold_max + policy.timeout, 12h);
    EXPECT_LT(policy.extend_at, policy.timeout);
}

// The keeper on calls of ten, each entry with an answer of its own.
class KeeperInBatches : public ::testing::Test {
  protected:
    task<Result<std::vector<Result<void>>>> change(std::vector<orders::VisibilityChange> changes) {
        sizes.push_back(changes.size());
        std::vector<Result<void>> answers;
        for (const auto& change : changes) {
            EXPECT_EQ(change.timeout, 60s);
            ++extensions[change.receipt.value];
            const auto wrong = wrong_once.extract(change.receipt.value);
            answers.push_back(wrong.empty() ? Result<void>() : fail(Error(wrong.mapped())));
        }
        co_return answers;
    }
    std::optional<Instant> release(LeaseKeeper::Lease lease) { return loop.run(keeper.release(lease)); }

    SimLoop loop;
    Instant start = loop.clock().now();
    orders::LoopParts parts{loop, Spawner(loop.context().get_executor()), loop.clock()};
    std::vector<std::size_t> sizes;
    std::map<std::string, int> extensions;
    std::map<std::string, Error> wrong_once;
    CallBatcher<orders::VisibilityChange> batcher{
        parts, [this](std::vector<orders::VisibilityChange> changes) { return change(std::move(changes)); },
        CallLimits{.entries = 10, .calls = 4, .linger = 5ms}};
    LeaseKeeper keeper{parts, LeasePolicy(), [this](orders::ReceiptHandle receipt, std::chrono::seconds timeout) {
                           return batcher.submit({std::move(receipt), timeout});
                       }};
};

TEST_F(KeeperInBatches, GivenManyLeasesThatAreDueAtOnce_WhenExtended_ThenTheyShareCallsOfTen) {
    std::vector<LeaseKeeper::Lease> leases;
    for (int i = 0; i < 25; ++i) leases.push_back(keeper.hold({"r" + std::to_string(i)}, start));

    loop.advance(31s);

    EXPECT_EQ(sizes, (std::vector<std::size_t>{10, 10, 5}));
    for (const auto lease : leases) EXPECT_EQ(release(lease), start + 90s);
}

TEST_F(KeeperInBatches, GivenEntriesOfACallThatFail_WhenExtended_ThenEachHasItsOwnFateAndTheOthersAreKept) {
    wrong_once.emplace("gone", Error(ErrorKind::conflict, "queue.message_not_inflight"));
    wrong_once.emplace("throttled", Error(ErrorKind::throttled, "queue.throttled"));
    wrong_once.emplace("open", Error(ErrorKind::unavailable, "queue.outcome_unknown"));
    const auto gone = keeper.hold({"gone"}, start);
    const auto throttled = keeper.hold({"throttled"}, start);
    const auto open = keeper.hold({"open"}, start);
    const auto well = keeper.hold({"well"}, start);

    loop.advance(40s);

    EXPECT_EQ(extensions, (std::map<std::string, int>{{"gone", 1}, {"open", 2}, {"throttled", 2}, {"well", 1}}));
    EXPECT_EQ(release(gone), std::nullopt);
    EXPECT_EQ(release(well), start + 90s);
    EXPECT_GE(release(throttled), start + 91s) << "tried again after a second";
    EXPECT_GE(release(open), start + 91s);
}

TEST_F(Keeper, GivenLeasesOfDifferentAge_WhenHeld_ThenEachIsExtendedInItsTime) {
    keeper.hold({"old"}, start);
    loop.advance(10s);
    keeper.hold({"new"}, loop.clock().now());

    loop.advance(35s);

    EXPECT_EQ(asked, (std::vector<std::string>{"old", "new"}));
    EXPECT_EQ(asked_at, (std::vector<BootClock::duration>{30s, 40s}));
}

}  // namespace
}  // namespace orderflow::worker
