#include "queue-service/journal/journal_scan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "queue-service/journal/journal_rig.hpp"

namespace orderflow::queue {
namespace {

using ::testing::ElementsAre;

class AJournalAtRest : public ::testing::Test {
  protected:
    void SetUp() override {
        rig_.open();
        dead_ = rig_.create("orders-dlq");
        orders_ = rig_.create("orders", {.visibility_timeout = 60s});
    }

    struct Found {
        std::vector<ScannedQueue> queues;
        std::vector<std::string> bodies;
    };
    Result<Found> scan() {
        Found found;
        auto queues =
            scan_journal(rig_.path(), rig_.loop().clock().wall(), [&](std::size_t queue, const Message& message) {
                found.bodies.push_back(std::to_string(queue) + " " + message.body);
            });
        if (!queues) return fail(std::move(queues).error());
        found.queues = *std::move(queues);
        return found;
    }
    void change(const std::string& sql) {
        rig_.close();
        ASSERT_TRUE(sqlite::Database::open(rig_.path(), {}).value().execute(sql));
    }

    JournalRig rig_;
    QueueNo dead_{};
    QueueNo orders_{};
};

TEST_F(AJournalAtRest, WhenScanned_ThenEveryMessageIsVisitedAndCountedByWhatItWaitsFor) {
    ASSERT_TRUE(rig_.send_all(orders_, {"a", "b", "c"}));
    ASSERT_TRUE(rig_.send(dead_, "d"));
    ASSERT_EQ(rig_.receive(orders_, 1)->size(), 1U);

    const auto found = scan().value();

    ASSERT_EQ(found.queues.size(), 2U);
    EXPECT_EQ(found.queues[0].name.name, "orders-dlq");
    EXPECT_EQ(found.queues[0].visible, 1U);
    EXPECT_EQ(found.queues[1].name.name, "orders");
    EXPECT_EQ(found.queues[1].counter, 3U);
    EXPECT_EQ(found.queues[1].visible, 2U);
    EXPECT_EQ(found.queues[1].in_flight, 1U);
    EXPECT_THAT(found.bodies, ElementsAre("0 d", "1 a", "1 b", "1 c"));
}

TEST_F(AJournalAtRest, GivenPurgedMessages_ThenTheyAreNotThere) {
    ASSERT_TRUE(rig_.send_all(orders_, {"a", "b"}));
    ASSERT_TRUE(rig_.run(rig_.queues().purge(orders_)));
    ASSERT_TRUE(rig_.send(orders_, "c"));

    EXPECT_THAT(scan()->bodies, ElementsAre("1 c"));
}

TEST_F(AJournalAtRest, GivenAMessageThatIsMissing_ThenTheCounterShowsIt) {
    ASSERT_TRUE(rig_.send_all(orders_, {"a", "b"}));
    change("DELETE FROM messages WHERE key = (SELECT max(key) FROM messages)");

    const auto found = scan().value();

    EXPECT_EQ(found.queues[1].counter, 2U);
    EXPECT_EQ(found.queues[1].visible, 1U);
}

TEST_F(AJournalAtRest, GivenADamagedRow_ThenItIsDamage) {
    ASSERT_TRUE(rig_.send(orders_, "a"));
    change("UPDATE messages SET body = x'62'");

    EXPECT_EQ(scan().error().code(), "disk.corrupt");
}

}  // namespace
}  // namespace orderflow::queue
