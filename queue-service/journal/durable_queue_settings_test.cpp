// Settings, scopes, tags and the rules of 60 seconds over restarts and on a file that somebody changed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "queue-service/journal/journal_rig.hpp"
#include "queue-service/journal/packed_texts.hpp"

namespace orderflow::queue {
namespace {

using ::testing::ElementsAre;
using ::testing::Optional;

class DurableQueueSettingsTest : public ::testing::Test {
  protected:
    void SetUp() override { rig_.open(); }

    template <class T>
    static std::string code(const Result<T>& result) {
        return result ? "" : result.error().code();
    }
    Result<QueueNo> create(QueueName name, QueueSettings settings = {}, Tags tags = {}) {
        return rig_.run(rig_.queues().create_queue(std::move(name), std::move(settings), std::move(tags)));
    }
    QueueRecord record(QueueNo queue) { return rig_.run(rig_.queues().record(queue)).value(); }
    void execute(const std::string& sql) {
        rig_.close();
        ASSERT_TRUE(sqlite::Database::open(rig_.path(), {}).value().execute(sql));
    }

    JournalRig rig_;
    const QueueName abroad_{.scope = {.region = "eu-west-1", .account = "123456789012"}, .name = "orders"};
};

TEST_F(DurableQueueSettingsTest, GivenEverySetting_WhenRestarted_ThenEachIsAsItWasGiven) {
    ASSERT_TRUE(create({abroad_.scope, "dlq"}));
    const QueueSettings settings{.visibility_timeout = 1s,
                                 .delay = 2s,
                                 .retention = 61s,
                                 .receive_wait = 3s,
                                 .maximum_message_size = 2000,
                                 .redrive = RedrivePolicy{"dlq", 4},
                                 .redrive_allow = RedriveAllowPolicy{RedriveAllowPolicy::Permission::by_queue,
                                                                     {abroad_, {default_scope(), "a"}}},
                                 .policy = R"({"Version":"2012-10-17", "Statement": []})",
                                 .kms_master_key_id = "alias/ours",
                                 .kms_data_key_reuse = 60s,
                                 .sqs_managed_sse = false};
    const Tags tags{{"team", "\xc3\xa4"}, {"empty", ""}};
    const auto queue = create(abroad_, settings, tags).value();
    const auto created_at = record(queue).created_at;

    rig_.open();

    EXPECT_EQ(rig_.run(rig_.queues().find(abroad_)), queue);
    EXPECT_EQ(code(rig_.run(rig_.queues().find({default_scope(), "orders"}))), "queue.unknown");
    EXPECT_EQ(record(queue).name, abroad_);
    EXPECT_EQ(record(queue).settings, settings);
    EXPECT_EQ(record(queue).created_at, created_at);
    EXPECT_EQ(rig_.run(rig_.queues().tags(queue)), tags);
    EXPECT_EQ(create(abroad_, settings), queue);
    EXPECT_THAT(rig_.run(rig_.queues().list_queues(abroad_.scope, "", "", 10)).value(), ElementsAre("dlq", "orders"));
    const auto dead = rig_.run(rig_.queues().find({abroad_.scope, "dlq"})).value();
    EXPECT_THAT(rig_.run(rig_.queues().dead_letter_sources(dead, "", 10)).value(), ElementsAre("orders"));
}

TEST_F(DurableQueueSettingsTest, GivenTagsThatChange_WhenThePowerIsCut_ThenTheAnsweredOnesAreThere) {
    const auto queue = create(abroad_, {}, {{"a", "1"}, {"b", "2"}}).value();
    ASSERT_TRUE(rig_.run(rig_.queues().tag(queue, {{"a", "3"}, {"c", "4"}})));
    ASSERT_TRUE(rig_.run(rig_.queues().untag(queue, {"b"})));

    rig_.cut_power();
    rig_.open();

    EXPECT_EQ(record(queue).tags, (Tags{{"a", "3"}, {"c", "4"}}));
}

TEST_F(DurableQueueSettingsTest, GivenAPurgeAndARemovedName_WhenRestartedWithin60Seconds_ThenBothRulesStillHold) {
    const auto queue = create(abroad_).value();
    ASSERT_TRUE(create({default_scope(), "orders"}));
    ASSERT_TRUE(rig_.run(rig_.queues().purge(queue)));
    const auto gone = create({abroad_.scope, "gone"}).value();
    ASSERT_TRUE(rig_.run(rig_.queues().remove_queue(gone)));
    rig_.loop().advance(59s);

    rig_.open();

    EXPECT_EQ(code(rig_.run(rig_.queues().purge(queue))), "queue.purge_in_progress");
    EXPECT_EQ(code(create({abroad_.scope, "gone"})), "queue.deleted_recently");
    EXPECT_TRUE(create({default_scope(), "gone"}));
    rig_.loop().advance(1s);
    EXPECT_TRUE(rig_.run(rig_.queues().purge(queue)));
    EXPECT_TRUE(create({abroad_.scope, "gone"}));
}

TEST_F(DurableQueueSettingsTest, GivenManyRemovedNames_WhenTheyAreOld_ThenTheJournalForgetsThem) {
    for (int i = 0; i < 20; ++i) {
        ASSERT_TRUE(rig_.run(rig_.queues().remove_queue(create({default_scope(), std::to_string(i)}).value())));
    }
    rig_.loop().advance(60s);
    rig_.open();

    ASSERT_TRUE(create(abroad_));

    rig_.close();
    auto database = sqlite::Database::open(rig_.path(), {}).value();
    EXPECT_EQ(database.query_int("SELECT count(*) FROM removed_queues").value(), 0);
}

TEST_F(DurableQueueSettingsTest, GivenCooldownsSwitchedOff_WhenPurgedAndRecreatedAtOnce_ThenBothGo) {
    rig_.options().committer.engine.cooldowns = false;
    rig_.open();
    const auto queue = create(abroad_).value();

    EXPECT_TRUE(rig_.run(rig_.queues().purge(queue)));
    EXPECT_TRUE(rig_.run(rig_.queues().purge(queue)));
    EXPECT_TRUE(rig_.run(rig_.queues().remove_queue(queue)));
    EXPECT_TRUE(create(abroad_));
}

TEST_F(DurableQueueSettingsTest, GivenARowThatWasChanged_WhenOpened_ThenItIsDamage) {
    ASSERT_TRUE(create({default_scope(), "dlq"}, {.redrive_allow = RedriveAllowPolicy{}}, {{"a", "b"}}));
    ASSERT_TRUE(create({default_scope(), "orders"}, {.redrive = RedrivePolicy{"dlq", 1}}));
    const auto dead = rig_.run(rig_.queues().find({default_scope(), "dlq"})).value();
    ASSERT_TRUE(rig_.run(rig_.queues().start_move_task(dead, {.rate = 1})));
    ASSERT_TRUE(rig_.run(rig_.queues().remove_queue(create({default_scope(), "gone"}).value())));

    for (const auto& [change, back] : std::vector<std::pair<std::string, std::string>>{
             {"queues SET region = 'eu-west-1' WHERE no = 1", "queues SET region = 'us-east-1' WHERE no = 1"},
             {"queues SET region = NULL WHERE no = 1", "queues SET region = 'us-east-1' WHERE no = 1"},
             {"queues SET policy = '{}' WHERE no = 1", "queues SET policy = '' WHERE no = 1"},
             {"queues SET redrive_permission = 1 WHERE no = 1", "queues SET redrive_permission = 0 WHERE no = 1"},
             {"queues SET redrive_permission = 9 WHERE no = 1", "queues SET redrive_permission = 0 WHERE no = 1"},
             {"queues SET tags = x'0100' WHERE no = 1", "queues SET tags = x'01000000610100000062' WHERE no = 1"},
             {"queues SET purged_at = 0 WHERE no = 1", "queues SET purged_at = NULL WHERE no = 1"},
             {"move_tasks SET moved = moved + 1", "move_tasks SET moved = moved - 1"},
             {"move_tasks SET destination = 2", "move_tasks SET destination = NULL"},
             {"removed_queues SET removed_at = removed_at + 1", "removed_queues SET removed_at = removed_at - 1"}}) {
        SCOPED_TRACE(change);
        execute("UPDATE " + change);
        const auto opened = rig_.try_open();
        ASSERT_FALSE(opened);
        EXPECT_EQ(opened.error().code(), "disk.corrupt");
        execute("UPDATE " + back);
        ASSERT_TRUE(rig_.try_open());
    }
}

TEST(PackedTexts, GivenBytesThatAreNoList_WhenUnpacked_ThenThereIsNothing) {
    using namespace std::string_view_literals;
    for (const auto bytes : {"\0"sv, "\0\0\0"sv, "\1\0\0\0"sv, "\xff\xff\xff\xff"sv, "\0\0\0\0\2\0\0\0a"sv}) {
        EXPECT_EQ(unpack_texts(bytes), std::nullopt);
    }
}

TEST(PackedTexts, GivenTexts_WhenPacked_ThenTheyAreUnpacked) {
    const std::string large(70'000, 'x');
    EXPECT_THAT(unpack_texts(pack_texts({"", "a", large, std::string_view("\0", 1)})),
                Optional(ElementsAre("", "a", large, std::string_view("\0", 1))));
    EXPECT_THAT(unpack_texts(pack_texts({})), Optional(ElementsAre()));
}

}  // namespace
}  // namespace orderflow::queue
