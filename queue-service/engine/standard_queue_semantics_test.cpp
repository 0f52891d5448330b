// What Amazon says of standard queues, one test per statement, named after it. Sources: the API reference of the action
// that is named, and the pages of the Amazon SQS Developer Guide.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "queue-service/engine/journal_double.hpp"

namespace orderflow::queue {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class AwsSays : public ::testing::Test {
  protected:
    template <class T>
    static std::string code(const Result<T>& result) {
        return result ? "" : result.error().code();
    }
    static QueueName abroad(std::string name) {
        return {.scope = {.region = "eu-west-1", .account = "000000000000"}, .name = std::move(name)};
    }
    static QueueName foreign(std::string name) {
        return {.scope = {.region = "us-east-1", .account = "123456789012"}, .name = std::move(name)};
    }
    QueueSettings with_dead_letters(std::string name) { return {.redrive = RedrivePolicy{std::move(name), 3}}; }
    std::vector<std::string> bodies(QueueNo queue, std::optional<std::chrono::seconds> timeout = {}) {
        std::vector<std::string> all;
        for (const auto& message : shell_.receive(queue, 10, timeout).value()) all.push_back(message.body);
        return all;
    }

    JournaledEngine shell_;
};

// Names: CreateQueue, ListQueues

TEST_F(AwsSays, AQueueNameIsUniqueForAnAccountWithinARegion) {
    const auto here = shell_.create("orders").value();
    const auto there = shell_.create(abroad("orders")).value();
    const auto theirs = shell_.create(foreign("orders")).value();

    ASSERT_TRUE(shell_.send(here, "here"));
    EXPECT_THAT(bodies(there), IsEmpty());
    EXPECT_THAT(bodies(theirs), IsEmpty());
    EXPECT_EQ(shell_.engine().find({default_scope(), "orders"}), here);
    EXPECT_EQ(shell_.engine().find(abroad("orders")), there);
    EXPECT_EQ(shell_.engine().find(foreign("orders")), theirs);
    EXPECT_EQ(code(shell_.engine().find(abroad("other"))), "queue.unknown");
}

TEST_F(AwsSays, IfTheQueueExistsWithTheSameAttributesCreateQueueReturnsItOtherwiseAnError) {
    const auto queue = shell_.create("orders", {.delay = 5s}).value();

    EXPECT_EQ(shell_.create("orders", {.delay = 5s}), queue);
    EXPECT_EQ(code(shell_.create("orders")), "queue.exists");
    EXPECT_EQ(code(shell_.create("orders", {.delay = 5s, .policy = "{}"})), "queue.exists");
}

TEST_F(AwsSays, OnlyQueuesWithANameThatBeginsWithTheSpecifiedStringAreReturnedPageByPage) {
    for (const auto* name : {"b-2", "a", "b-1", "b", "c", "b-3"}) ASSERT_TRUE(shell_.create(name));
    ASSERT_TRUE(shell_.create(abroad("b-4")));
    const auto list = [&](const char* prefix, const char* after, std::size_t limit) {
        return shell_.engine().list_queues(default_scope(), prefix, after, limit);
    };

    EXPECT_THAT(list("", "", 100), ElementsAre("a", "b", "b-1", "b-2", "b-3", "c"));
    EXPECT_THAT(list("b", "", 2), ElementsAre("b", "b-1"));
    EXPECT_THAT(list("b", "b-1", 2), ElementsAre("b-2", "b-3"));
    EXPECT_THAT(list("b", "b-3", 2), IsEmpty());
    EXPECT_THAT(list("b-", "a", 100), ElementsAre("b-1", "b-2", "b-3"));
    EXPECT_THAT(list("d", "", 100), IsEmpty());
    EXPECT_THAT(shell_.engine().list_queues(abroad("").scope, "", "", 100), ElementsAre("b-4"));
}

TEST_F(AwsSays, YouMustWait60SecondsAfterDeletingAQueueBeforeYouCanCreateAnotherWithTheSameName) {
    ASSERT_TRUE(shell_.remove_queue(shell_.create("orders").value()));
    shell_.pass(59s);
    shell_.restart();

    EXPECT_EQ(code(shell_.create("orders")), "queue.deleted_recently");
    EXPECT_TRUE(shell_.create(abroad("orders")));
    shell_.pass(1s);
    EXPECT_TRUE(shell_.create("orders"));
    shell_.restart();
    EXPECT_TRUE(shell_.engine().find({default_scope(), "orders"}));
}

TEST_F(AwsSays, OnlyOnePurgeQueueOperationIsAllowedEvery60Seconds) {
    const auto queue = shell_.create("orders").value();
    ASSERT_TRUE(shell_.purge(queue));
    shell_.pass(59s);
    shell_.restart();
    ASSERT_TRUE(shell_.send(queue, "kept"));

    EXPECT_EQ(code(shell_.purge(queue)), "queue.purge_in_progress");
    EXPECT_EQ(shell_.counts(queue).visible, 1U);
    shell_.pass(1s);
    EXPECT_TRUE(shell_.purge(queue));
    EXPECT_EQ(shell_.counts(queue).visible, 0U);
}

TEST_F(AwsSays, NothingOfAClockThatJumpsBackSoARuleOf60SecondsDoesNotLastForYears) {
    const auto queue = shell_.create("orders").value();
    ASSERT_TRUE(shell_.purge(queue));
    ASSERT_TRUE(shell_.remove_queue(shell_.create("gone").value()));
    shell_.jump_wall(-24h);

    EXPECT_TRUE(shell_.purge(queue));
    EXPECT_TRUE(shell_.create("gone"));
}

TEST_F(AwsSays, NothingOfATestSuiteThatPurgesAllTheTimeSoBothRulesCanBeSwitchedOff) {
    JournaledEngine shell(EngineLimits{.window = {}, .cooldowns = false});
    const auto queue = shell.create("orders").value();

    EXPECT_TRUE(shell.purge(queue));
    EXPECT_TRUE(shell.purge(queue));
    EXPECT_TRUE(shell.remove_queue(queue));
    EXPECT_TRUE(shell.create("orders"));
}

// Attributes: CreateQueue, SetQueueAttributes

TEST_F(AwsSays, AnAttributeOutsideItsRangeIsRefusedByName) {
    const auto refused = [&](const QueueSettings& settings) { return shell_.create("new", settings).error().detail(); };
    using Permission = RedriveAllowPolicy::Permission;

    EXPECT_EQ(refused({.policy = std::string(8193, 'x')}), "Policy");
    EXPECT_EQ(refused({.kms_master_key_id = std::string(2049, 'x')}), "KmsMasterKeyId");
    EXPECT_EQ(refused({.kms_data_key_reuse = 59s}), "KmsDataKeyReusePeriodSeconds");
    EXPECT_EQ(refused({.kms_data_key_reuse = 24h + 1s}), "KmsDataKeyReusePeriodSeconds");
    EXPECT_EQ(refused({.maximum_message_size = 1024 * 1024 + 1}), "MaximumMessageSize");
    EXPECT_EQ(refused({.redrive_allow = RedriveAllowPolicy{Permission::by_queue}}), "RedriveAllowPolicy");
    EXPECT_EQ(refused({.redrive_allow = RedriveAllowPolicy{Permission::deny_all, {abroad("a")}}}),
              "RedriveAllowPolicy");
    EXPECT_EQ(refused({.redrive_allow = RedriveAllowPolicy{Permission::by_queue, std::vector(11, abroad("a"))}}),
              "RedriveAllowPolicy");
}

TEST_F(AwsSays, MaximumMessageSizeIsTheLimitOfHowManyBytesAMessageCanContain) {
    const auto queue = shell_.create("orders", {.maximum_message_size = 2048}).value();
    Changes changes;
    const auto send = [&](std::size_t body, std::size_t attributes) {
        return shell_.engine().send(queue, {.body = std::string(body, 'x'), .attributes = std::string(attributes, 'a')},
                                    shell_.now(), changes);
    };

    EXPECT_EQ(code(send(2049, 0)), "queue.message_too_long");
    EXPECT_EQ(code(send(1024, 1025)), "queue.message_too_long");
    EXPECT_TRUE(send(1024, 1024));
}

TEST_F(AwsSays, DenyAllNoSourceQueuesCanSpecifyThisQueueAsTheDeadLetterQueue) {
    const auto dead = shell_.create("dlq").value();
    const auto before = shell_.create("before", with_dead_letters("dlq")).value();
    const auto plain = shell_.create("plain").value();
    ASSERT_TRUE(
        shell_.change_settings(dead, {.redrive_allow = RedriveAllowPolicy{RedriveAllowPolicy::Permission::deny_all}}));

    EXPECT_EQ(code(shell_.create("new", with_dead_letters("dlq"))), "queue.redrive_not_allowed");
    EXPECT_EQ(code(shell_.change_settings(plain, with_dead_letters("dlq"))), "queue.redrive_not_allowed");
    // One that names it already can still change what else it has.
    auto settings = with_dead_letters("dlq");
    settings.delay = 5s;
    EXPECT_TRUE(shell_.change_settings(before, settings));
    settings.redrive->max_receive_count = 4;
    EXPECT_EQ(code(shell_.change_settings(before, settings)), "queue.redrive_not_allowed");
}

TEST_F(AwsSays, ByQueueOnlyQueuesSpecifiedByTheSourceQueueArnsParameterCanSpecifyThisQueue) {
    const auto policy =
        RedriveAllowPolicy{RedriveAllowPolicy::Permission::by_queue, {{default_scope(), "friend"}, abroad("stranger")}};
    ASSERT_TRUE(shell_.create("dlq", {.redrive_allow = policy}));
    shell_.restart();

    EXPECT_TRUE(shell_.create("friend", with_dead_letters("dlq")));
    EXPECT_EQ(code(shell_.create("stranger", with_dead_letters("dlq"))), "queue.redrive_not_allowed");
}

TEST_F(AwsSays, AllowAllIsTheDefaultAndAnySourceQueuesInThisAccountInTheSameRegionCanSpecifyThisQueue) {
    ASSERT_TRUE(shell_.create("dlq"));
    ASSERT_TRUE(shell_.create("open", {.redrive_allow = RedriveAllowPolicy{}}));

    EXPECT_TRUE(shell_.create("a", with_dead_letters("dlq")));
    EXPECT_TRUE(shell_.create("b", with_dead_letters("open")));
    EXPECT_EQ(code(shell_.create(abroad("c"), with_dead_letters("dlq"))), "queue.dead_letter_queue_unknown");
    EXPECT_EQ(code(shell_.create(foreign("d"), with_dead_letters("dlq"))), "queue.dead_letter_queue_unknown");
}

TEST_F(AwsSays, ListDeadLetterSourceQueuesReturnsTheQueuesThatHaveTheRedrivePolicyConfiguredWithADeadLetterQueue) {
    const auto dead = shell_.create("dlq").value();
    const auto abroad_dead = shell_.create(abroad("dlq")).value();
    for (const auto* name : {"c", "a", "b"}) ASSERT_TRUE(shell_.create(name, with_dead_letters("dlq")));
    const auto sources = [&](QueueNo queue, const char* after, std::size_t limit) {
        return shell_.engine().dead_letter_sources(queue, after, limit).value();
    };

    EXPECT_THAT(sources(dead, "", 2), ElementsAre("a", "b"));
    EXPECT_THAT(sources(dead, "b", 2), ElementsAre("c"));
    EXPECT_THAT(sources(abroad_dead, "", 2), IsEmpty());
    ASSERT_TRUE(shell_.change_settings(*shell_.engine().find({default_scope(), "a"}), {}));
    ASSERT_TRUE(shell_.remove_queue(*shell_.engine().find({default_scope(), "b"})));
    EXPECT_THAT(sources(dead, "", 10), ElementsAre("c"));
    shell_.restart();
    EXPECT_THAT(sources(dead, "", 10), ElementsAre("c"));
}

TEST_F(AwsSays, ADeadLetterQueueThatWasDeletedDoesNotKeepItsSourcesFromOtherChanges) {
    const auto dead = shell_.create("dlq").value();
    const auto queue = shell_.create("orders", with_dead_letters("dlq")).value();
    ASSERT_TRUE(shell_.remove_queue(dead));

    auto settings = with_dead_letters("dlq");
    settings.delay = 5s;
    EXPECT_TRUE(shell_.change_settings(queue, settings));
    EXPECT_EQ(shell_.create("orders", settings), queue);
}

// Tags: TagQueue, UntagQueue, ListQueueTags

TEST_F(AwsSays, ANewTagWithAKeyIdenticalToThatOfAnExistingTagOverwritesTheExistingTag) {
    const auto queue = shell_.create({default_scope(), "orders"}, {}, {{"team", "a"}, {"cost", "1"}}).value();

    ASSERT_TRUE(shell_.tag(queue, {{"team", "b"}, {"stage", ""}}));
    ASSERT_TRUE(shell_.untag(queue, {"cost", "never there"}));
    shell_.restart();

    EXPECT_EQ(shell_.engine().record(queue)->tags, (Tags{{"team", "b"}, {"stage", ""}}));
    EXPECT_EQ(shell_.engine().record(queue)->modified_at, shell_.engine().record(queue)->created_at);
}

TEST_F(AwsSays, AQueueHasAtMost50Tags) {
    const auto queue = shell_.create("orders").value();
    EXPECT_EQ(code(shell_.tag(queue, {{"", "x"}})), "queue.tag_invalid");
    Tags tags;
    for (int i = 0; i < 50; ++i) tags.emplace(std::to_string(i), "x");
    ASSERT_TRUE(shell_.tag(queue, tags));

    EXPECT_TRUE(shell_.tag(queue, {{"7", "other"}}));
    EXPECT_EQ(code(shell_.tag(queue, {{"one more", "x"}})), "queue.too_many_tags");
    EXPECT_EQ(code(shell_.tag(QueueNo{99}, {{"a", "x"}})), "queue.unknown");
    EXPECT_THAT(shell_.engine().record(queue)->tags, SizeIs(50));
}

// Messages: SendMessage, ReceiveMessage, "Amazon SQS standard queue quotas"

TEST_F(AwsSays, TheDefaultDelayForTheQueueAppliesWhenAMessageHasNoneAndAMessagesOwnReplacesIt) {
    const auto queue = shell_.create("orders", {.delay = 10s}).value();
    ASSERT_TRUE(shell_.send(queue, "of the queue"));
    ASSERT_TRUE(shell_.send(queue, "own", 20s));
    ASSERT_TRUE(shell_.send(queue, "none", 0s));

    EXPECT_THAT(bodies(queue), ElementsAre("none"));
    shell_.pass(10s);
    EXPECT_THAT(bodies(queue), ElementsAre("of the queue"));
    shell_.pass(10s);
    EXPECT_THAT(bodies(queue), ElementsAre("own"));
}

TEST_F(AwsSays, ForStandardQueuesAChangeOfTheDelaySettingDoesNotAffectMessagesAlreadyInTheQueue) {
    const auto queue = shell_.create("orders", {.delay = 60s}).value();
    ASSERT_TRUE(shell_.send(queue, "early"));

    ASSERT_TRUE(shell_.change_settings(queue, {}));

    EXPECT_THAT(bodies(queue), IsEmpty());
    shell_.pass(60s);
    EXPECT_THAT(bodies(queue), ElementsAre("early"));
}

TEST_F(AwsSays, MessagesOlderThanTheRetentionPeriodAreDeletedAndAShorterPeriodActsOnExistingMessages) {
    const auto queue = shell_.create("orders").value();
    ASSERT_TRUE(shell_.send(queue, "old"));
    shell_.pass(60s);

    ASSERT_TRUE(shell_.change_settings(queue, {.retention = 60s}));

    EXPECT_THAT(bodies(queue), IsEmpty());
    shell_.pass(0ms);
    EXPECT_EQ(shell_.counts(queue).visible, 0U);
}

TEST_F(AwsSays, TheExpirationOfAMessageInADeadLetterQueueIsBasedOnItsOriginalEnqueueTimestamp) {
    const auto dead = shell_.create("dlq", {.retention = 120s}).value();
    const auto queue = shell_.create("orders", {.redrive = RedrivePolicy{"dlq", 1}}).value();
    ASSERT_TRUE(shell_.send(queue, "a"));
    shell_.pass(100s);
    EXPECT_THAT(bodies(queue, 0s), ElementsAre("a"));
    shell_.pass(0ms);
    EXPECT_THAT(bodies(queue, 0s), IsEmpty());
    EXPECT_EQ(shell_.counts(dead).visible, 1U);

    shell_.pass(20s);

    EXPECT_THAT(bodies(dead), IsEmpty());
}

TEST(AwsSaysOfInFlightMessages, ThereCanBeAMaximumOf120000AndMoreReturnAnOverLimitError) {
    SeededEntropy entropy(1);
    QueueEngine engine({}, entropy);
    const Now now{.instant = Instant(1h), .wall = from_unix_ms(1'767'225'600'000)};
    Changes changes;
    const auto queue = engine.create_queue({default_scope(), "orders"}, {}, {}, now, changes).value();
    constexpr std::uint32_t batch = 1000;
    std::string receipt;
    for (std::size_t i = 0; i < limits::in_flight_max; i += batch) {
        for (std::size_t n = 0; n < batch; ++n) ASSERT_TRUE(engine.send(queue, {.body = "x"}, now, changes));
        const auto received = engine.receive(queue, {.max_messages = batch}, now, changes).value();
        ASSERT_THAT(received, SizeIs(batch));
        receipt = received[0].receipt;
        changes.clear();
    }
    ASSERT_TRUE(engine.send(queue, {.body = "one more"}, now, changes));

    const auto refused = engine.receive(queue, {.max_messages = 1}, now, changes);

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), "queue.over_limit");
    ASSERT_TRUE(engine.remove(queue, receipt, changes));
    EXPECT_THAT(engine.receive(queue, {.max_messages = 1}, now, changes).value(), SizeIs(1));
}

}  // namespace
}  // namespace orderflow::queue
