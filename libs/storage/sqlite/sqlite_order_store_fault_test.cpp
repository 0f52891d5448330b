// The disk fails or the power goes at every point of a workload. Method: let the N-th write (or sync) fail, reopen,
// check; then N + 1, until the workload ends without reaching N.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "libs/storage/sqlite/sqlite_rig_test.hpp"
#include "libs/testing/fault_vfs.hpp"
#include "libs/testing/seeded_entropy.hpp"

namespace orderflow::storage {
namespace {

using orders::group_of;
using orders::OrderStatus;
namespace samples = orders::samples;

constexpr std::uint32_t groups = 6;
constexpr std::uint32_t orders_per_group = 3;

orders::OrderId id(std::uint32_t group, std::uint32_t n) { return samples::order_id(group * 100 + n); }

// Group g places three orders and settles those of the group before.
std::vector<orders::Change> workload(std::uint32_t group) {
    std::vector<orders::Change> changes;
    for (std::uint32_t n = 0; n < orders_per_group; ++n) {
        if (group > 0) {
            const auto before = id(group - 1, n);
            changes.emplace_back(
                orders::SettleCharge(before, charge_effect(before), orders::EffectState::captured, "ref"));
        }
        changes.emplace_back(samples::place(id(group, n), samples::draft({{"print", 2}, {"mug", 1}})));
    }
    return changes;
}

SqliteStoreOptions options_on(const FaultVfs& vfs) {
    SqliteStoreOptions options;
    options.vfs = vfs.name();
    options.checkpoint_pages = 12;  // so that several checkpoints are among the calls that fail
    options.cached_orders = 2;
    return options;
}

class Trial {
  public:
    explicit Trial(const std::string& name) : vfs(name), setup(options_on(vfs)) { vfs.heal(); }

    // Applies groups until one fails; their number.
    std::uint32_t apply_all() {
        for (std::uint32_t group = 0; group < groups; ++group) {
            auto applied = setup.loop().run(setup.store().apply(workload(group)));
            if (!applied) {
                last_error.emplace(applied.error());
                return group;
            }
        }
        return groups;
    }

    void cut_power_and_restart(std::uint64_t seed) {
        vfs.power_off();
        setup.close();
        SeededEntropy survivors(seed);
        vfs.power_on(survivors);
        vfs.heal();
        setup.open();
    }

    // Every acknowledged group is there as a whole, the one after it as a whole or not at all, and none behind.
    void check(std::uint32_t acknowledged) {
        if (testing::Test::HasFailure()) return;  // it could not be opened again
        std::int64_t reserved = 0;
        bool next_is_there = false;
        for (std::uint32_t group = 0; group < groups; ++group) {
            for (std::uint32_t n = 0; n < orders_per_group; ++n) {
                const auto found = setup.loop().run(setup.reader().find(id(group, n)));
                ASSERT_TRUE(found) << found.error().detail();
                if (group == acknowledged && n == 0) next_is_there = found->order.has_value();
                const bool expected = group < acknowledged || (group == acknowledged && next_is_there);
                ASSERT_EQ(found->order.has_value(), expected) << "group " << group << " order " << n;
                if (!found->order) continue;
                if (found->order->holds_stock) reserved += 1;
                check_order(*found->order, group + 1 < acknowledged + (next_is_there ? 1 : 0));
            }
        }
        const auto products = setup.loop().run(setup.reader().products());
        ASSERT_TRUE(products) << products.error().detail();
        for (const auto& item : *products) {
            if (item.product.name == "mug") ASSERT_EQ(item.stock.reserved, reserved);
        }
    }

    void check_order(const orders::Order& order, bool settled) {
        const auto rejected = order.status == OrderStatus::rejected;
        if (!rejected) ASSERT_EQ(order.status, settled ? OrderStatus::confirmed : OrderStatus::reserved);
        const auto events = setup.loop().run(setup.reader().events(order.id, 0));
        ASSERT_TRUE(events) << events.error().detail();
        ASSERT_EQ(events->size(), static_cast<std::size_t>(order.version));
        const auto ledger = setup.loop().run(setup.reader().ledger(order.id));
        ASSERT_TRUE(ledger) << ledger.error().detail();
        ASSERT_EQ(ledger->size(), settled && !rejected ? 1U : 0U);
    }

    FaultVfs vfs;
    SqliteRig setup;
    std::optional<Error> last_error;
};

void fail_every(FaultVfs::Call call, int code, std::uint64_t& reached) {
    for (std::uint64_t nth = 1;; ++nth) {
        SCOPED_TRACE("call " + std::to_string(nth));
        Trial trial("every");
        trial.vfs.fail(call, nth, code);

        const auto acknowledged = trial.apply_all();
        if (!trial.vfs.failed()) {
            ASSERT_EQ(acknowledged, groups);
            return;
        }
        reached = nth;
        ASSERT_EQ(trial.setup.fatal().size(), 1U) << "the process has to end";
        if (trial.last_error) ASSERT_EQ(trial.last_error->code(), "store.outcome_unknown");
        trial.cut_power_and_restart(nth);
        trial.check(acknowledged);
        if (testing::Test::HasFailure()) return;
        ASSERT_TRUE(trial.setup.loop().run(trial.setup.store().apply(workload(groups)))) << "and it goes on";
    }
}

TEST(SqliteOrderStoreFaults, GivenAnyWriteThatFails_ThenNothingAcknowledgedIsLostAndNoGroupIsHalf) {
    std::uint64_t reached = 0;
    fail_every(FaultVfs::Call::write, SQLITE_IOERR_WRITE, reached);
    EXPECT_GT(reached, 30U) << "to the log, gathered, and to the database by checkpoints";
}

TEST(SqliteOrderStoreFaults, GivenAnySyncThatFails_ThenNothingAcknowledgedIsLostAndNoGroupIsHalf) {
    std::uint64_t reached = 0;
    fail_every(FaultVfs::Call::sync, SQLITE_IOERR_FSYNC, reached);
    EXPECT_GT(reached, 8U) << "commits and checkpoints";
}

TEST(SqliteOrderStoreFaults, WhenASyncFailed_ThenNoSyncIsTriedAgain) {
    Trial trial("once");
    trial.vfs.fail(FaultVfs::Call::sync, 1, SQLITE_IOERR_FSYNC);
    ASSERT_EQ(trial.apply_all(), 0U);
    const auto syncs = trial.vfs.calls(FaultVfs::Call::sync);

    const auto next = trial.setup.loop().run(trial.setup.store().apply(workload(0)));

    ASSERT_FALSE(next);
    EXPECT_EQ(next.error().code(), "store.outcome_unknown");
    EXPECT_EQ(trial.vfs.calls(FaultVfs::Call::sync), syncs);
}

TEST(SqliteOrderStoreFaults, GivenAPowerCutAfterAnyGroup_ThenAllAcknowledgedGroupsAreThere) {
    for (std::uint64_t seed = 1; seed <= 24; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Trial trial("cut");
        const auto acknowledged = static_cast<std::uint32_t>(seed % groups) + 1;
        for (std::uint32_t group = 0; group < acknowledged; ++group) {
            ASSERT_TRUE(trial.setup.loop().run(trial.setup.store().apply(workload(group))));
        }

        trial.cut_power_and_restart(seed);

        trial.check(acknowledged);
        if (testing::Test::HasFailure()) return;
    }
}

TEST(SqliteOrderStoreFaults, GivenAFullDisk_ThenNothingIsWrittenAndItWorksAgainWhenThereIsSpace) {
    Trial trial("full");
    ASSERT_TRUE(trial.setup.loop().run(trial.setup.store().apply(workload(0))));

    trial.vfs.limit_file_bytes(4096);
    const auto refused = trial.setup.loop().run(trial.setup.store().apply(workload(1)));
    const auto again = trial.setup.loop().run(trial.setup.store().apply(workload(1)));
    trial.check(1);
    trial.vfs.limit_file_bytes(std::nullopt);

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind(), ErrorKind::unavailable);
    EXPECT_EQ(refused.error().code(), "disk.full");
    EXPECT_FALSE(again);
    EXPECT_TRUE(trial.setup.fatal().empty()) << "a full disk is no reason to end";
    ASSERT_TRUE(trial.setup.loop().run(trial.setup.store().apply(workload(1))));
    trial.check(2);
    trial.cut_power_and_restart(1);
    trial.check(2);
}

TEST(SqliteOrderStoreFaults, GivenADiskThatIsFullAtAnyWrite_WhenTheGroupIsAppliedAgain_ThenItIsThereOnce) {
    for (std::uint64_t nth = 1;; ++nth) {
        SCOPED_TRACE("write " + std::to_string(nth));
        Trial trial("full_at");
        trial.vfs.fail(FaultVfs::Call::write, nth, SQLITE_FULL);
        for (std::uint32_t group = 0; group < groups; ++group) {
            auto applied = trial.setup.loop().run(trial.setup.store().apply(workload(group)));
            if (!applied) applied = trial.setup.loop().run(trial.setup.store().apply(workload(group)));
            ASSERT_TRUE(applied) << applied.error().detail();
        }
        ASSERT_TRUE(trial.setup.fatal().empty());
        trial.check(groups);
        if (testing::Test::HasFailure() || !trial.vfs.failed()) return;
    }
}

// A checkpoint that finds the disk full leaves everything in the log.
TEST(SqliteOrderStoreFaults, GivenAFullDiskDuringCheckpoints_ThenCommitsGoOn) {
    Trial trial("checkpoint_full");
    trial.setup.options().checkpoint_pages = 1;
    trial.setup.restart();
    trial.vfs.fail(FaultVfs::Call::truncate, 1, SQLITE_FULL, true);

    EXPECT_EQ(trial.apply_all(), groups);

    EXPECT_GE(trial.vfs.calls(FaultVfs::Call::truncate), groups) << "each commit tried a checkpoint";
    trial.cut_power_and_restart(3);
    trial.check(groups);
}

}  // namespace
}  // namespace orderflow::storage
