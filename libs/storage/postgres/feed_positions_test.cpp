// Databases whose events were written in a cluster that had counted further.
#include "libs/storage/postgres/feed_positions.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "libs/storage/postgres/postgres_rig_test.hpp"

namespace orderflow::storage {
namespace {

using orders::EventPosition;
using orders::group_of;

constexpr std::int64_t elsewhere = 1'000'000'000;  // a transaction that is still to come here

class AStoreFromAnotherCluster : public ::testing::Test {
  protected:
    AStoreFromAnotherCluster() {
        orders::CreateEndpoint create;
        create.settings.url = "https://shop.example/";
        create.secret = "whsec_x";
        const orders::EndpointCommand command("wh_1", std::move(create));
        const orders::OperatorCommand asked("create", command, rig.loop().clock().wall());
        EXPECT_TRUE(rig.loop().run(rig.store().operate(asked)));
        for (std::uint32_t number = 1; number <= 3; ++number) {
            EXPECT_TRUE(rig.loop().run(rig.store().apply(group_of(placing(number)))));
        }
        EXPECT_EQ(test_server().sql("SELECT string_agg(seq::text, ' ' ORDER BY seq) FROM order_events"), "1 2 3\n");
    }
    // The transaction of the event with that number.
    void wrote(std::int64_t seq, std::int64_t transaction) {
        Intruder(rig.options().connect.url)
            .run("UPDATE order_events SET xact = '" + std::to_string(transaction) +
                 "' WHERE seq = " + std::to_string(seq));
    }
    void read_to(EventPosition cursor) {
        auto lane = lanes().at(0);
        lane.cursor = cursor;
        ASSERT_TRUE(rig.loop().run(rig.store().change_lease({"wh_1", "", 0, "w", 1})).value());
        orders::DeliveryProgress progress;
        progress.endpoint = "wh_1";
        progress.owner = "w";
        progress.lanes.push_back(lane);
        ASSERT_TRUE(rig.loop().run(rig.store().record(progress)));
    }
    std::vector<orders::EventLane> lanes() { return rig.loop().run(rig.reader().lanes("wh_1")).value(); }
    // Numbers of the orders whose events the lane would get now.
    std::vector<std::uint32_t> unread() {
        const auto page = rig.loop().run(rig.reader().feed(lanes().at(0).cursor, 1000)).value();
        std::vector<std::uint32_t> numbers;
        for (const auto& feed : page.events) {
            for (std::uint32_t number = 1; number <= 9; ++number) {
                const bool known = !numbers.empty() && numbers.back() == number;
                if (feed.order == orders::samples::order_id(number) && !known) numbers.push_back(number);
            }
        }
        return numbers;
    }
    bool migrate() {
        const auto migrated = migrate_order_store(rig.options().connect, rig.loop().clock());
        EXPECT_TRUE(migrated) << migrated.error().detail();
        return migrated && migrated->feed_renewed;
    }
    // Of a worker that starts now; "": none.
    std::string refusal() {
        rig.restart();
        const auto applied = rig.loop().run(rig.store().apply({}));
        return applied ? "" : std::string(applied.error().code());
    }
    using Numbers = std::vector<std::uint32_t>;

    PostgresRig rig;
};

TEST_F(AStoreFromAnotherCluster, GivenItIsOfThisCluster_ThenItWorksAndNothingIsMended) {
    EXPECT_EQ(refusal(), "");
    EXPECT_FALSE(migrate());
    EXPECT_EQ(unread(), Numbers({1, 2, 3}));
}

TEST_F(AStoreFromAnotherCluster, GivenAnEventThatIsStillToComeHere_ThenWorkersWaitForTheMigrationAndCheckSaysSo) {
    wrote(3, elsewhere);
    EXPECT_EQ(refusal(), "postgres.other_cluster");
    EXPECT_EQ(order_store_is_there(rig.options().connect, rig.loop().clock()).error().code(), "postgres.other_cluster");
    EXPECT_TRUE(migrate());
    EXPECT_FALSE(migrate());
    EXPECT_EQ(refusal(), "");
}

TEST_F(AStoreFromAnotherCluster, GivenACursorAloneThatIsStillToComeHere_ThenItIsFoundAndNewEventsAreRead) {
    read_to({elsewhere, 0});
    EXPECT_EQ(refusal(), "postgres.other_cluster");
    EXPECT_TRUE(migrate());
    EXPECT_EQ(refusal(), "");
    ASSERT_TRUE(rig.loop().run(rig.store().apply(group_of(placing(4)))));
    const auto now_unread = unread();
    ASSERT_FALSE(now_unread.empty());
    EXPECT_EQ(now_unread.back(), 4U);
}

TEST_F(AStoreFromAnotherCluster, GivenEventsWhoseNumbersAreNotTheOrderOfCommits_WhenMended_ThenNoneIsMissed) {
    wrote(1, elsewhere + 2);
    wrote(2, elsewhere + 1);
    wrote(3, elsewhere + 3);
    read_to({elsewhere + 1, 2});
    EXPECT_TRUE(migrate());
    EXPECT_EQ(unread(), Numbers({1, 2, 3})) << "2 comes twice";
}

TEST_F(AStoreFromAnotherCluster, GivenALaneThatHasReadAll_WhenMended_ThenItGetsWhatIsNewAlone) {
    for (std::int64_t seq = 1; seq <= 3; ++seq) wrote(seq, elsewhere + seq);
    read_to({elsewhere + 3, 3});
    EXPECT_TRUE(migrate());
    EXPECT_EQ(unread(), Numbers());
    EXPECT_EQ(refusal(), "");
    ASSERT_TRUE(rig.loop().run(rig.store().apply(group_of(placing(4)))));
    EXPECT_EQ(unread(), Numbers({4}));
}

TEST_F(AStoreFromAnotherCluster, GivenAProgramWithoutTheCheckHasWrittenHere_WhenMended_ThenItsEventsAreReadToo) {
    wrote(1, elsewhere + 1);
    wrote(2, elsewhere + 2);
    read_to({elsewhere + 2, 2});
    EXPECT_TRUE(migrate());
    EXPECT_EQ(unread(), Numbers({3}));
}

TEST_F(AStoreFromAnotherCluster, GivenAWorkerThatServesTheEndpoint_WhenMended_ThenItsLeaseIsOver) {
    wrote(3, elsewhere);
    read_to({elsewhere, 3});
    EXPECT_TRUE(migrate());
    orders::DeliveryProgress progress;
    progress.endpoint = "wh_1";
    progress.owner = "w";
    progress.lanes = lanes();
    const auto recorded = rig.loop().run(rig.store().record(progress));
    ASSERT_FALSE(recorded);
    EXPECT_EQ(recorded.error().code(), "webhook.lease_lost");
}

}  // namespace
}  // namespace orderflow::storage
