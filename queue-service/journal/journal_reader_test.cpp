#include "queue-service/journal/journal_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "queue-service/journal/journal_rig.hpp"

namespace orderflow::queue {
namespace {

using ::testing::ElementsAre;

class AJournalThatIsRead : public ::testing::Test {
  protected:
    void SetUp() override {
        rig_.open();
        other_ = rig_.create("other");
        orders_ = rig_.create("orders", {.visibility_timeout = 60s});
    }

    JournalReader reader() { return JournalReader::open(rig_.path(), JournalReader::Whose::anybodys).value(); }
    static const ReadableQueue& named(const std::vector<ReadableQueue>& queues, std::string_view name) {
        return *std::ranges::find_if(queues, [&](const auto& queue) { return queue.name.name == name; });
    }
    static std::vector<std::string> bodies(const std::vector<WaitingMessage>& waiting) {
        std::vector<std::string> bodies;
        for (const auto& one : waiting) bodies.push_back(one.message->body);
        return bodies;
    }

    JournalRig rig_;
    QueueNo other_{};
    QueueNo orders_{};
};

TEST_F(AJournalThatIsRead, WhenReadInPages_ThenEveryMessageOfTheQueueComesOnceInItsOrder) {
    ASSERT_TRUE(rig_.send_all(orders_, {"a", "b", "c"}));
    ASSERT_TRUE(rig_.send(other_, "x"));
    auto journal = reader();
    const auto queues = journal.queues().value();
    const auto& orders = named(queues, "orders");

    const auto first = journal.read(orders, 0, 2).value();
    const auto second = journal.read(orders, first.back().sequence, 2).value();

    EXPECT_THAT(bodies(first), ElementsAre("a", "b"));
    EXPECT_THAT(bodies(second), ElementsAre("c"));
    EXPECT_TRUE(journal.read(orders, second.back().sequence, 2)->empty());
    EXPECT_EQ(orders.messages, 3U);
}

TEST_F(AJournalThatIsRead, GivenADeliveryUnderWay_ThenItSaysWhenThatEnds) {
    ASSERT_TRUE(rig_.send_all(orders_, {"a", "b"}));
    ASSERT_EQ(rig_.receive(orders_, 1)->size(), 1U);
    auto journal = reader();
    const auto queues = journal.queues().value();

    const auto waiting = journal.read(named(queues, "orders"), 0, 10).value();

    const auto now = rig_.loop().clock().wall();
    ASSERT_THAT(bodies(waiting), ElementsAre("a", "b"));
    EXPECT_EQ(waiting[0].visible_at, now + 60s);
    EXPECT_LE(waiting[1].visible_at, now);
}

TEST_F(AJournalThatIsRead, GivenPurgedMessagesAndARemovedQueue_ThenTheyAreNotThere) {
    ASSERT_TRUE(rig_.send_all(orders_, {"a", "b"}));
    ASSERT_TRUE(rig_.run(rig_.queues().purge(orders_)));
    ASSERT_TRUE(rig_.send(orders_, "c"));
    ASSERT_TRUE(rig_.run(rig_.queues().remove_queue(other_)));
    auto journal = reader();
    const auto queues = journal.queues().value();

    ASSERT_EQ(queues.size(), 1U);
    EXPECT_THAT(bodies(journal.read(queues[0], 0, 10).value()), ElementsAre("c"));
}

TEST_F(AJournalThatIsRead, GivenADamagedBody_ThenItIsNotHandedOut) {
    ASSERT_TRUE(rig_.send(orders_, "a"));
    rig_.close();
    ASSERT_TRUE(sqlite::Database::open(rig_.path(), {}).value().execute("UPDATE messages SET body = x'62'"));
    auto journal = JournalReader::open(rig_.path(), JournalReader::Whose::nobodys).value();
    const auto queues = journal.queues().value();

    EXPECT_EQ(journal.read(named(queues, "orders"), 0, 10).error().code(), "disk.corrupt");
}

}  // namespace
}  // namespace orderflow::queue
