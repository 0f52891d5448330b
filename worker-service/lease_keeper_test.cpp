#include "worker-service/lease_keeper.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "libs/testing/sim_loop.hpp"

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
