// What is acknowledged is on the standby too, when the server is told to wait for one: else a failover loses it.
// Method: a server that waits for a standby that is not there; "it is back" is that the server waits no longer.
#include <gtest/gtest.h>

#include <future>

#include "libs/storage/postgres/postgres_rig_test.hpp"

namespace orderflow::storage {
namespace {

using namespace std::chrono_literals;
using orders::group_of;
namespace samples = orders::samples;

class WithoutItsStandby : public ::testing::Test {
  protected:
    WithoutItsStandby() {
        rig.options().connect.timeouts.statement = 200ms;
        rig.options().connect.timeouts.answer = 1s;
        rig.restart();
        if (!apply(group_of(placing(1)))) ADD_FAILURE() << "not set up";
        wait_for_standbys("nobody");
    }
    ~WithoutItsStandby() override { wait_for_standbys(""); }

    Result<StoreSteps> apply(std::vector<orders::Change> group) {
        return rig.loop().run(rig.store().apply(std::move(group)));
    }
    std::future<Result<StoreSteps>> apply_elsewhere(orders::Change change) {
        return std::async(std::launch::async, [this, changed = std::move(change)] {
            OtherWorker worker(rig);
            return worker.apply(group_of(changed));
        });
    }

    static void wait_for_standbys(const std::string& names) {
        test_server().sql("ALTER SYSTEM SET synchronous_standby_names = '" + names + "'");
        test_server().sql("SELECT pg_reload_conf()");
    }
    static std::string waiting() {
        return test_server().sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
    }
    static void wait_until_one_waits() {
        while (waiting() != "1\n") {
        }
    }
    // As an operator, or a server that shuts down, does it.
    static void end_the_wait(const std::string& how) {
        wait_until_one_waits();
        test_server().sql("SELECT " + how + "(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
    }

    SystemClock clock;
    PostgresRig rig;
};

TEST_F(WithoutItsStandby, WhenTheWaitIsCancelled_ThenTheGroupIsNotAcknowledged) {
    auto applied = apply_elsewhere(placing(2));
    end_the_wait("pg_cancel_backend");

    const auto steps = applied.get();

    ASSERT_FALSE(steps) << "it is on the primary alone";
    EXPECT_EQ(steps.error().code(), "store.outcome_unknown");
}

TEST_F(WithoutItsStandby, WhenItIsBackInTime_ThenTheGroupIsAcknowledgedAlthoughAStatementWouldHaveTakenTooLong) {
    rig.options().connect.timeouts.answer = 1min;  // in time, also on a slow machine
    auto applied = apply_elsewhere(placing(2));
    wait_until_one_waits();
    const auto began = clock.now();
    while (clock.now() < began + 2 * rig.options().connect.timeouts.statement) (void)waiting();
    wait_for_standbys("");

    const auto steps = applied.get();

    EXPECT_TRUE(steps) << steps.error().code() << ": " << steps.error().detail();
}

TEST_F(WithoutItsStandby, WhenItIsNotBackInTime_ThenTheGroupIsNotAcknowledgedAndSafeToApplyAgain) {
    const auto late = apply(group_of(placing(2, {{"mug", 2}})));
    wait_for_standbys("");
    const auto again = apply(group_of(placing(2, {{"mug", 2}})));

    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code(), "store.outcome_unknown");
    ASSERT_TRUE(again) << again.error().detail();
    const auto items = rig.loop().run(rig.reader().products()).value();
    const auto mug = std::ranges::find(items, "mug", [](const auto& item) { return item.product.sku.value(); });
    EXPECT_EQ(mug->stock, (orders::Stock{10, 3})) << "once, beside the one of the set-up";
}

TEST_F(WithoutItsStandby, GivenAnOrderThatIsOnThePrimaryAlone_WhenItComesAgain_ThenItIsAcknowledgedWhenItIsOnBoth) {
    auto applied = apply_elsewhere(placing(2));
    end_the_wait("pg_terminate_backend");
    ASSERT_FALSE(applied.get());
    ASSERT_TRUE(rig.loop().run(rig.reader().find(samples::order_id(2)))->order) << "it is seen on the primary";

    const auto too_early = apply(group_of(placing(2)));
    wait_for_standbys("");
    const auto again = apply(group_of(placing(2)));

    EXPECT_FALSE(too_early);
    ASSERT_TRUE(again) << again.error().detail();
    EXPECT_TRUE(again->front()->resumed);
}

}  // namespace
}  // namespace orderflow::storage
