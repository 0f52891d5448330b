// Credentials are at hand whatever the source does, as long as they are good.
#include "libs/aws/credential_cache.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <vector>

#include "libs/testing/run_seed.hpp"
#include "libs/testing/seeded_entropy.hpp"
#include "libs/testing/sim_loop.hpp"

namespace orderflow::aws {
namespace {

// Answers with credentials numbered 1, 2, 3, that last for `lifetime`, unless it is told to fail.
class NumberedSource final : public CredentialSource {
  public:
    explicit NumberedSource(SimLoop& loop) : loop_(loop) {}

    task<Result<Credentials>> fetch() override {
        const auto number = ++fetches;
        fetched_at.push_back(loop_.clock().now());
        if (takes > 0s) co_await sleep_until(loop_, loop_.clock().now() + takes);
        if (failing) co_return fail(ErrorKind::unavailable, "credentials.unavailable", "told to fail");
        Credentials found{.access_key_id = std::to_string(number), .secret_access_key = "s", .origin = "test"};
        if (lifetime) found.expires_at = loop_.clock().wall() + *lifetime;
        co_return found;
    }

    int fetches = 0;
    std::vector<Instant> fetched_at;
    bool failing = false;
    BootClock::duration takes{0};
    std::optional<std::chrono::seconds> lifetime = 3600s;

  private:
    SimLoop& loop_;
};

class NotedEvents final : public CredentialObserver {
  public:
    void refreshed(const std::string& origin, std::optional<WallTime>) override { refreshes += origin + ";"; }
    void refresh_failed(const Error&, BootClock::duration retry_in, std::optional<WallTime> good_until) override {
        retries.push_back(retry_in);
        had_good_ones = good_until.has_value();
    }
    std::string refreshes;
    std::vector<BootClock::duration> retries;
    bool had_good_ones = false;
};

// Puts what get() gives into `out`, which outlives it.
task<void> note(CredentialCache& cache, Instant deadline, std::optional<std::string>& out) {
    const auto found = co_await cache.get(deadline);
    out = found ? found->access_key_id : found.error().code();
}

class CredentialCacheTest : public testing::Test {
  protected:
    std::string get(BootClock::duration within = 5s) {
        auto found = loop.run(cache.get(loop.clock().now() + within));
        return found ? found->access_key_id : found.error().code();
    }
    // What get() gives without time passing.
    std::string get_at_once() {
        std::optional<std::string> out;
        loop.spawn(note(cache, loop.clock().now(), out));
        loop.run_ready();
        return out.value_or("waits");
    }

    SimLoop loop;
    SeededEntropy entropy{run_seed()};
    NumberedSource source{loop};
    NotedEvents events;
    CredentialCache cache{source, loop.clock(), loop, Spawner(loop.context().get_executor()), entropy, events};
};

TEST_F(CredentialCacheTest, GivenManyCallersAtOnce_WhenNothingIsThere_ThenTheyShareOneFetch) {
    source.takes = 1s;
    std::vector<std::optional<std::string>> out(20);
    for (auto& slot : out) loop.spawn(note(cache, loop.clock().now() + 5s, slot));

    loop.advance(1s);

    for (const auto& slot : out) EXPECT_EQ(slot, "1");
    EXPECT_EQ(source.fetches, 1);
    EXPECT_EQ(events.refreshes, "test;");
}

TEST_F(CredentialCacheTest, GivenCredentialsThatNeverExpire_WhenAskedForDaysLater_ThenFetchedOnce) {
    source.lifetime.reset();
    EXPECT_EQ(get(), "1");

    loop.advance(240h);

    EXPECT_EQ(get_at_once(), "1");
    EXPECT_EQ(source.fetches, 1);
}

TEST_F(CredentialCacheTest, GivenTheyExpireSoon_WhenARefreshTakesLong_ThenNobodyWaits) {
    EXPECT_EQ(get(), "1");
    source.takes = 5min;

    loop.advance(51min);

    EXPECT_EQ(source.fetches, 2) << "in the background, without a caller";
    EXPECT_EQ(get_at_once(), "1");
    loop.advance(5min);
    EXPECT_EQ(get_at_once(), "2");
    EXPECT_EQ(source.fetches, 2);
}

TEST_F(CredentialCacheTest, GivenHoursPass_WhenAskedForEverySecond_ThenTheyAreAlwaysGoodAndFetchedSeldom) {
    EXPECT_EQ(get(), "1");
    source.takes = 2s;
    for (int second = 0; second < 6 * 3600; ++second) {
        loop.advance(1s);
        ASSERT_NE(get_at_once(), "credentials.unavailable") << second;
    }
    EXPECT_GE(source.fetches, 7);
    EXPECT_LE(source.fetches, 9);
}

TEST_F(CredentialCacheTest, GivenRefreshesFail_WhenTheOldOnesAreGood_ThenTheyAreGivenUntilTheyAreNot) {
    EXPECT_EQ(get(), "1");
    source.failing = true;

    loop.advance(59min);
    EXPECT_EQ(get_at_once(), "1");
    EXPECT_TRUE(events.had_good_ones);
    EXPECT_GE(events.retries.size(), 5U);

    loop.advance(40s);
    EXPECT_EQ(get_at_once(), "credentials.unavailable");
    source.failing = false;
    loop.advance(61s);
    EXPECT_NE(get_at_once(), "credentials.unavailable");
}

TEST_F(CredentialCacheTest, GivenTheSourceFailsForLong_WhenItIsRepeated_ThenWithFullJitterUpToAMinute) {
    source.failing = true;
    EXPECT_EQ(get(), "credentials.unavailable");

    loop.advance(2h);

    ASSERT_GE(events.retries.size(), 100U);
    BootClock::duration sum{0};
    for (std::size_t i = 0; i < events.retries.size(); ++i) {
        EXPECT_LT(events.retries[i], std::min<BootClock::duration>(1s * (1U << std::min<std::size_t>(i, 6)), 1min));
        sum += events.retries[i];
    }
    const auto mean = sum / static_cast<long>(events.retries.size());
    EXPECT_GT(mean, 20s);
    EXPECT_LT(mean, 40s);
    EXPECT_FALSE(events.had_good_ones);
}

TEST_F(CredentialCacheTest, GivenAFailedFetch_WhenAskedForBeforeItsRepetition_ThenTheErrorAtOnceAndNoFetch) {
    source.failing = true;
    EXPECT_EQ(get(), "credentials.unavailable");
    const auto fetches = source.fetches;

    for (int i = 0; i < 100; ++i) EXPECT_EQ(get_at_once(), "credentials.unavailable");

    EXPECT_EQ(source.fetches, fetches);
}

TEST_F(CredentialCacheTest, GivenTheSourceDoesNotAnswer_WhenTheDeadlineComes_ThenUnavailable) {
    source.takes = 1h;
    const auto before = loop.clock().now();

    EXPECT_EQ(get(3s), "credentials.unavailable");

    EXPECT_EQ(loop.clock().now() - before, 3s);
    EXPECT_EQ(source.fetches, 1);
    loop.advance(1h);
}

TEST_F(CredentialCacheTest, GivenTheWallClockJumpsPastTheEnd_WhenAskedFor_ThenNewOnesAreFetched) {
    EXPECT_EQ(get(), "1");

    loop.clock().jump_wall(2h);

    EXPECT_EQ(get(), "2");
}

TEST_F(CredentialCacheTest, GivenTheWallClockJumpsBack_WhenItComesThereAgain_ThenTheRefreshIsNotForgotten) {
    EXPECT_EQ(get(), "1");
    loop.clock().jump_wall(-2h);

    loop.advance(51min);
    EXPECT_EQ(source.fetches, 1);
    loop.advance(2h);

    EXPECT_EQ(source.fetches, 2);
    EXPECT_EQ(get_at_once(), "2");
}

TEST_F(CredentialCacheTest, GivenCredentialsThatLastAMinute_WhenTimePasses_ThenTheSourceIsNotFlooded) {
    source.lifetime = 60s;
    EXPECT_EQ(get(), "1");

    loop.advance(10min);

    EXPECT_GE(source.fetches, 20);
    EXPECT_LE(source.fetches, 30);
}

TEST_F(CredentialCacheTest, GivenCredentialsThatAreAboutToExpire_WhenFetched_ThenTheyAreAFailure) {
    source.lifetime = 30s;

    EXPECT_EQ(get(), "credentials.expired");
}

TEST_F(CredentialCacheTest, GivenAFetchIsRunning_WhenStopped_ThenItIsWaitedForAndNoneFollows) {
    EXPECT_EQ(get(), "1");
    source.takes = 10s;
    loop.advance(51min);
    ASSERT_EQ(source.fetches, 2);

    EXPECT_TRUE(loop.run(cache.stop(loop.clock().now() + 30s)));

    loop.advance(3h);
    EXPECT_EQ(source.fetches, 2);
    EXPECT_EQ(get_at_once(), "credentials.unavailable");
}

TEST_F(CredentialCacheTest, GivenAFetchThatHangs_WhenStopped_ThenTheStopEndsInTime) {
    source.takes = 1h;
    EXPECT_EQ(get(1s), "credentials.unavailable");

    EXPECT_FALSE(loop.run(cache.stop(loop.clock().now() + 1s)));
    loop.advance(1h);
}

}  // namespace
}  // namespace orderflow::aws
