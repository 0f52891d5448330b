#include "queue-service/journal/durable_queues.hpp"

#include <gmock/gmock.h>
#include <sqlite3.h>

#include <fstream>

#include "queue-service/journal/journal_rig.hpp"

namespace orderflow::queue {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::Le;
using ::testing::UnorderedElementsAre;

class DurableQueuesTest : public ::testing::Test {
  protected:
    void SetUp() override {
        rig_.options().committer.engine.window = {.messages = 8, .bytes = 64 * 1024};
        rig_.open();
        dead_ = rig_.create("orders-dlq");
        orders_ = rig_.create("orders", {.redrive = RedrivePolicy{"orders-dlq", 2}});
    }

    template <class T>
    static std::string code(const Result<T>& result) {
        return result ? "" : result.error().code();
    }
    static std::vector<std::string> bodies(const std::vector<Received>& received) {
        std::vector<std::string> all;
        for (const auto& message : received) all.push_back(message.message->body);
        return all;
    }
    using Polled = std::optional<Result<std::vector<Received>>>;
    static task<void> store(task<Result<std::vector<Received>>> work, Polled& out) {
        out.emplace(co_await std::move(work));
    }
    static task<void> store_sent(task<Result<std::vector<Result<MessageId>>>> work, int& accepted) {
        const auto sent = co_await std::move(work);
        if (sent && sent->at(0)) ++accepted;
    }
    void poll(Polled& out, std::stop_token stop = {}) {
        ReceiveCall call{.options = {.max_messages = 1}, .wait = 20s, .stop = std::move(stop)};
        rig_.loop().spawn(store(rig_.queues().receive(orders_, std::move(call)), out));
    }

    JournalRig rig_;
    QueueNo dead_{};
    QueueNo orders_{};
};

// Start and restart

TEST_F(DurableQueuesTest, GivenAJournalInUse_WhenOpenedAgain_ThenItIsRefused) {
    const auto second =
        DurableQueues::open(rig_.options(), rig_.loop(), rig_.loop().clock(), *std::make_unique<SeededEntropy>(9));

    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind(), ErrorKind::conflict);
    EXPECT_EQ(second.error().code(), "data_dir.in_use");
}

TEST_F(DurableQueuesTest, GivenMessagesInEveryState_WhenRestarted_ThenEachIsWhereItWas) {
    const auto settings = rig_.run(rig_.queues().record(orders_)).value().settings;
    ASSERT_TRUE(rig_.send_all(orders_, {"in flight", "back", "gone", "waiting"}));
    ASSERT_TRUE(rig_.run(rig_.queues().send(orders_, {{.body = "delayed", .delay = 60s}})));
    const auto received = rig_.receive(orders_, 3).value();
    ASSERT_TRUE(rig_.change_visibility(orders_, received[1].receipt, 0s));
    ASSERT_TRUE(rig_.remove(orders_, received[2].receipt));

    rig_.open();

    EXPECT_EQ(rig_.run(rig_.queues().find({default_scope(), "orders"})), orders_);
    EXPECT_EQ(rig_.run(rig_.queues().record(orders_)).value().settings, settings);
    const auto counts = rig_.counts(orders_);
    EXPECT_EQ(counts.visible, 2U);
    EXPECT_EQ(counts.in_flight, 1U);
    EXPECT_EQ(counts.delayed, 1U);
    const auto again = rig_.receive(orders_).value();
    EXPECT_THAT(bodies(again), ElementsAre("back", "waiting"));
    EXPECT_EQ(again[0].receive_count, 2U);
    EXPECT_EQ(again[0].message->id, received[1].message->id);
    EXPECT_TRUE(rig_.remove(orders_, received[0].receipt));  // the receipt of before holds
    EXPECT_EQ(rig_.counts(orders_).in_flight, 2U);
}

TEST_F(DurableQueuesTest, GivenAReceiptOfBefore_WhenTheMessageWasReceivedAgainAfterARestart_ThenItDoesNothing) {
    ASSERT_TRUE(rig_.send(dead_, "x"));
    const auto old = rig_.receive(dead_, 1, Holder::embedded).value().at(0);
    rig_.open();
    const auto newer = rig_.receive(dead_).value().at(0);

    EXPECT_TRUE(rig_.remove(dead_, old.receipt));

    EXPECT_EQ(rig_.counts(dead_).in_flight, 1U);
    EXPECT_EQ(newer.receive_count, 2U);
}

TEST_F(DurableQueuesTest, GivenLeasesOfBothHolders_WhenRestarted_ThenOnlyTheEmbeddedOnesEndAndCountsStay) {
    ASSERT_TRUE(rig_.send_all(dead_, {"embedded", "outside"}));
    ASSERT_EQ(rig_.receive(dead_, 1, Holder::embedded)->size(), 1U);
    ASSERT_EQ(rig_.receive(dead_, 1, Holder::outside)->size(), 1U);

    rig_.open();

    const auto received = rig_.receive(dead_).value();
    EXPECT_THAT(bodies(received), ElementsAre("embedded"));
    EXPECT_EQ(received[0].receive_count, 2U);
    rig_.loop().advance(30s);
    EXPECT_EQ(rig_.counts(dead_).in_flight, 0U);
}

TEST_F(DurableQueuesTest, GivenALease_WhenTheWallClockJumpsBetweenTwoProcesses_ThenTheRestIsWithinItsTimeout) {
    ASSERT_TRUE(rig_.send_all(dead_, {"x"}));
    ASSERT_EQ(rig_.receive(dead_)->size(), 1U);
    rig_.close();
    rig_.loop().clock().jump_wall(-24h);
    rig_.open();

    rig_.loop().advance(29s);
    EXPECT_EQ(rig_.counts(dead_).in_flight, 1U);
    rig_.loop().advance(1s);
    EXPECT_EQ(rig_.counts(dead_).in_flight, 0U);
}

TEST_F(DurableQueuesTest, GivenALease_WhenTheWallClockJumpsWithinAProcess_ThenTheLeaseDoesNotMove) {
    ASSERT_TRUE(rig_.send(dead_, "x"));
    ASSERT_EQ(rig_.receive(dead_)->size(), 1U);
    rig_.loop().clock().jump_wall(1h);

    rig_.loop().advance(29s);
    EXPECT_TRUE(rig_.receive(dead_)->empty());
    rig_.loop().advance(1s);
    EXPECT_EQ(rig_.receive(dead_)->size(), 1U);
}

TEST_F(DurableQueuesTest, GivenARemovedQueue_WhenRestarted_ThenItStaysGoneAndItsNumberIsNotUsedAgain) {
    ASSERT_TRUE(rig_.send(orders_, "x"));
    ASSERT_TRUE(rig_.run(rig_.queues().remove_queue(orders_)));
    rig_.open();

    EXPECT_EQ(code(rig_.run(rig_.queues().find({default_scope(), "orders"}))), "queue.unknown");
    rig_.loop().advance(60s);
    EXPECT_GT(rig_.create("orders"), orders_);
    EXPECT_EQ(code(rig_.send(orders_, "x")), "queue.unknown");
}

TEST_F(DurableQueuesTest, GivenADeadLetter_WhenRestarted_ThenItKeepsIdSourceAndTheCountOverBothQueues) {
    const auto id = rig_.send(orders_, "poison").value();
    for (int i = 0; i < 2; ++i) {
        ASSERT_EQ(rig_.receive(orders_)->size(), 1U);
        rig_.loop().advance(30s);
    }
    ASSERT_TRUE(rig_.receive(orders_)->empty());
    rig_.open();

    const auto dead = rig_.receive(dead_).value();

    ASSERT_EQ(dead.size(), 1U);
    EXPECT_EQ(dead[0].message->id, id);
    EXPECT_EQ(dead[0].message->body, "poison");
    EXPECT_EQ(dead[0].message->dead_letter_source, "orders");
    EXPECT_EQ(dead[0].receive_count, 3U);
}

// Group commit

class SyncReports final : public JournalObserver {
  public:
    void group_committed(const GroupReport& report) override {
        reports.push_back(report);
        if (on_group) on_group();
    }
    void queue_changed(const QueueName& name, const QueueCounts& counts) override {
        visible[name.name] = counts.visible;
    }
    void disk_full() override { ++full; }

    std::vector<GroupReport> reports;
    std::map<std::string, std::uint64_t> visible;
    int full = 0;
    std::function<void()> on_group;
};

TEST_F(DurableQueuesTest, GivenMessagesOfAnEarlierProcess_WhenOpened_ThenTheObserverKnowsThemBeforeAnythingHappens) {
    ASSERT_TRUE(rig_.send_all(orders_, {"a", "b"}));
    SyncReports reports;
    rig_.options().committer.observer = &reports;

    rig_.open();

    EXPECT_EQ(reports.visible["orders"], 2U);
    EXPECT_EQ(reports.visible.size(), 2U);  // every queue, the empty one too
    rig_.close();
}

TEST_F(DurableQueuesTest, GivenManySendersAtOnce_WhenTheyAreServed_ThenTheyShareOneSync) {
    SyncReports reports;
    rig_.options().committer.observer = &reports;
    rig_.open();
    ASSERT_TRUE(rig_.send(dead_, "the first write to a new log costs a sync of its own"));
    reports.reports.clear();
    rig_.vfs().heal();
    int accepted = 0;
    for (int i = 0; i < 50; ++i) {
        rig_.loop().spawn(store_sent(rig_.queues().send(orders_, {{.body = "m" + std::to_string(i)}}), accepted));
    }

    rig_.loop().run_ready();

    EXPECT_EQ(accepted, 50);
    EXPECT_EQ(rig_.vfs().calls(FaultVfs::Call::sync), 1U);
    ASSERT_EQ(reports.reports.size(), 1U);
    EXPECT_EQ(reports.reports[0].operations, 50U);
    EXPECT_EQ(reports.reports[0].sent, 50U);
    EXPECT_EQ(reports.visible["orders"], 50U);
    rig_.close();
}

TEST_F(DurableQueuesTest, GivenAnEmptyQueue_WhenPolled_ThenNothingIsWritten) {
    rig_.vfs().heal();

    EXPECT_TRUE(rig_.receive(orders_)->empty());
    EXPECT_EQ(rig_.counts(orders_).visible, 0U);

    EXPECT_EQ(rig_.vfs().calls(FaultVfs::Call::write), 0U);
    EXPECT_EQ(rig_.vfs().calls(FaultVfs::Call::sync), 0U);
}

TEST_F(DurableQueuesTest, GivenADelivery_WhenThePowerIsCutAfterTheAnswer_ThenItsCountAndDeadlineAreKept) {
    ASSERT_TRUE(rig_.send(orders_, "x"));
    ASSERT_EQ(rig_.receive(orders_)->size(), 1U);

    rig_.cut_power();
    rig_.open();

    EXPECT_EQ(rig_.counts(orders_).in_flight, 1U);
    rig_.loop().advance(30s);
    EXPECT_EQ(rig_.receive(orders_).value().at(0).receive_count, 2U);
}

// Long polls

TEST_F(DurableQueuesTest, GivenTwoLongPolls_WhenOneMessageComes_ThenTheEarliestGetsIt) {
    Polled first;
    Polled second;
    poll(first);
    poll(second);

    ASSERT_TRUE(rig_.send(orders_, "x"));
    rig_.loop().run_ready();

    ASSERT_TRUE(first);
    EXPECT_THAT(bodies(first->value()), ElementsAre("x"));
    EXPECT_FALSE(second);
}

TEST_F(DurableQueuesTest, GivenALongPoll_WhenADelayOrALeaseEnds_ThenItIsServedAtThatMoment) {
    ASSERT_TRUE(rig_.run(rig_.queues().send(orders_, {{.body = "x", .delay = 7s}})));
    Polled polled;
    poll(polled);

    rig_.loop().advance(6'999ms);
    EXPECT_FALSE(polled);
    rig_.loop().advance(1ms);
    ASSERT_TRUE(polled);
    EXPECT_THAT(bodies(polled->value()), ElementsAre("x"));
}

TEST_F(DurableQueuesTest, GivenALongPollOnTheDeadLetterQueue_WhenAMessageMovesThere_ThenItIsServed) {
    ASSERT_TRUE(rig_.send(orders_, "poison"));
    for (int i = 0; i < 2; ++i) ASSERT_EQ(rig_.receive(orders_, 1, Holder::outside, 0s)->size(), 1U);
    Polled polled;
    rig_.loop().spawn(store(rig_.queues().receive(dead_, {.options = {}, .wait = 20s, .stop = {}}), polled));
    rig_.loop().run_ready();

    ASSERT_TRUE(rig_.receive(orders_)->empty());
    rig_.loop().run_ready();

    ASSERT_TRUE(polled);
    EXPECT_THAT(bodies(polled->value()), ElementsAre("poison"));
}

TEST_F(DurableQueuesTest, GivenAPollStoppedAfterItsDelivery_WhenItEnds_ThenTheMessageIsBackAtOnceWithAnHonestCount) {
    SyncReports reports;
    rig_.options().committer.observer = &reports;
    rig_.open();
    std::stop_source stop;
    Polled polled;
    poll(polled, stop.get_token());
    rig_.loop().run_ready();
    reports.on_group = [&] { stop.request_stop(); };  // committed, the poller has not run yet

    ASSERT_TRUE(rig_.send(orders_, "x"));
    rig_.loop().run_ready();

    ASSERT_TRUE(polled);
    EXPECT_TRUE(polled->value().empty());
    EXPECT_EQ(rig_.counts(orders_).visible, 1U);
    EXPECT_EQ(rig_.receive(orders_).value().at(0).receive_count, 2U);
    rig_.close();
}

TEST_F(DurableQueuesTest, GivenALongPoll_WhenItsQueueIsRemoved_ThenItEndsWithAnError) {
    Polled polled;
    poll(polled);
    ASSERT_TRUE(rig_.run(rig_.queues().remove_queue(orders_)));
    rig_.loop().run_ready();

    ASSERT_TRUE(polled);
    EXPECT_EQ(code(*polled), "queue.unknown");
}

TEST_F(DurableQueuesTest, GivenTheInFlightLimit_WhenPolled_ThenAShortPollIsThrottledAndALongPollWaitsOn) {
    rig_.options().committer.engine.in_flight = 1;
    rig_.open();
    ASSERT_TRUE(rig_.send_all(orders_, {"first", "second"}));
    const auto taken = rig_.receive(orders_, 1).value();
    Polled polled;
    poll(polled);
    rig_.loop().run_ready();

    EXPECT_EQ(code(rig_.receive(orders_)), "queue.over_limit");
    EXPECT_FALSE(polled);
    ASSERT_TRUE(rig_.remove(orders_, taken[0].receipt));
    rig_.loop().run_ready();
    ASSERT_TRUE(polled);
    EXPECT_THAT(bodies(polled->value()), ElementsAre("second"));
}

TEST_F(DurableQueuesTest, GivenWaitingCalls_WhenTheQueuesAreClosed_ThenTheyEndWithAnError) {
    Polled polled;
    poll(polled);
    rig_.loop().run_ready();

    rig_.close();
    rig_.loop().run_ready();

    ASSERT_TRUE(polled);
    EXPECT_EQ(code(*polled), "queue.closed");
}

TEST_F(DurableQueuesTest, GivenLargeMessages_WhenManyAreAskedFor_ThenTheAnswerIsBoundedInBytes) {
    for (int i = 0; i < 15; ++i) ASSERT_TRUE(rig_.send(orders_, std::string(limits::message_bytes_max, 'x')));

    EXPECT_EQ(rig_.receive(orders_, 1000)->size(), 10U);
    EXPECT_EQ(rig_.counts(orders_).visible, 5U);
}

// Backlog and purge

TEST_F(DurableQueuesTest, GivenALongBacklog_WhenRestartedAndDrained_ThenNoneIsLostAndTheOrderIsKept) {
    constexpr std::size_t count = 20'000;
    for (std::size_t i = 0; i < count; i += 500) {
        std::vector<std::string> batch;
        for (std::size_t n = i; n < i + 500; ++n) batch.push_back(std::to_string(n));
        ASSERT_TRUE(rig_.send_all(orders_, batch));
    }
    rig_.open();
    EXPECT_EQ(rig_.counts(orders_).visible, count);

    for (std::size_t next = 0; next < count;) {
        const auto received = rig_.receive(orders_, 500).value();
        ASSERT_FALSE(received.empty());
        std::vector<std::string> receipts;
        for (const auto& message : received) {
            ASSERT_EQ(message.message->body, std::to_string(next++));
            receipts.push_back(message.receipt);
        }
        ASSERT_TRUE(rig_.run(rig_.queues().remove(orders_, receipts)));
    }
    EXPECT_EQ(rig_.counts(orders_).visible + rig_.counts(orders_).in_flight, 0U);
}

std::int64_t rows_in_messages(const std::string& path) {
    sqlite::OpenOptions options;
    options.role = sqlite::Role::reader;
    auto database = sqlite::Database::open(path, options);
    return database.value().query_int("SELECT count(*) FROM messages").value();
}

TEST_F(DurableQueuesTest, GivenAPurgeOfManyMessages_WhenItReturns_ThenTheQueueIsEmptyAndTheRowsGoInChunks) {
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(rig_.send_all(orders_, std::vector<std::string>(1000, "x")));
    ASSERT_EQ(rig_.receive(orders_, 10)->size(), 10U);
    SyncReports reports;
    rig_.options().committer.observer = &reports;
    rig_.options().journal.clean_up_rows = 700;
    rig_.open();
    reports.reports.clear();

    ASSERT_TRUE(rig_.run(rig_.queues().purge(orders_)));

    EXPECT_EQ(rig_.counts(orders_).visible + rig_.counts(orders_).in_flight, 0U);
    EXPECT_GE(reports.reports.size(), 8U);
    ASSERT_TRUE(rig_.send(orders_, "after"));
    rig_.close();
    EXPECT_EQ(rows_in_messages(rig_.path()), 1);
    rig_.open();
    EXPECT_THAT(rig_.drain(orders_), ElementsAre("after"));
    rig_.close();
}

TEST_F(DurableQueuesTest, GivenAPurge_WhenThePowerIsCutBeforeTheRowsAreGone_ThenNothingComesBack) {
    rig_.options().journal.clean_up_rows = 10;
    rig_.open();
    ASSERT_TRUE(rig_.send_all(orders_, std::vector<std::string>(100, "x")));
    int accepted = 0;
    rig_.loop().spawn([](DurableQueues& queues, QueueNo queue, int& done) -> task<void> {
        if (co_await queues.purge(queue)) ++done;
    }(rig_.queues(), orders_, accepted));
    rig_.loop().context().restart();
    while (accepted == 0) ASSERT_EQ(rig_.loop().context().poll_one(), 1U);

    rig_.cut_power();
    rig_.open();

    EXPECT_EQ(rig_.counts(orders_).visible, 0U);
    rig_.close();
    EXPECT_EQ(rows_in_messages(rig_.path()), 0);
}

// Faults

TEST_F(DurableQueuesTest, GivenASyncThatFails_WhenSending_ThenNothingIsAcknowledgedAnyMoreAndTheProcessIsToEnd) {
    Polled polled;
    poll(polled);
    rig_.loop().run_ready();
    rig_.vfs().fail(FaultVfs::Call::sync, 1, SQLITE_IOERR_FSYNC);

    const auto sent = rig_.send(dead_, "x");
    rig_.loop().run_ready();

    EXPECT_EQ(code(sent), "queue.journal_failed");
    EXPECT_EQ(sent.error().kind(), ErrorKind::unavailable);
    ASSERT_TRUE(rig_.fatal());
    EXPECT_EQ(rig_.fatal()->code(), "disk.io_error");
    ASSERT_TRUE(polled);
    EXPECT_EQ(code(*polled), "queue.journal_failed");
    EXPECT_EQ(code(rig_.send(orders_, "x")), "queue.journal_failed");
    EXPECT_EQ(rig_.vfs().calls(FaultVfs::Call::sync), 1U);  // never tried again
}

TEST_F(DurableQueuesTest, GivenAFullDisk_WhenSending_ThenSendsAreRefusedDeletesWorkAndItRecoversWithoutARestart) {
    ASSERT_TRUE(rig_.send_all(dead_, {"kept", "deleted"}));
    const auto received = rig_.receive(dead_, 2).value();
    SyncReports reports;
    rig_.options().committer.observer = &reports;
    rig_.open();
    const auto size = static_cast<std::uint64_t>(std::filesystem::file_size(rig_.path()));
    rig_.vfs().limit_file_bytes(size + 100'000);
    int accepted = 0;
    while (rig_.send(orders_, std::string(20'000, 'x'))) ASSERT_LT(++accepted, 100);

    const auto refused = rig_.send(orders_, std::string(20'000, 'x'));
    EXPECT_EQ(code(refused), "queue.disk_full");
    EXPECT_EQ(refused.error().kind(), ErrorKind::unavailable);
    EXPECT_EQ(reports.full, 1);
    EXPECT_TRUE(rig_.queues().full());
    EXPECT_TRUE(rig_.remove(dead_, received[1].receipt));
    EXPECT_EQ(rig_.counts(orders_).visible, static_cast<std::uint64_t>(accepted));
    EXPECT_FALSE(rig_.fatal());

    rig_.vfs().limit_file_bytes(std::nullopt);
    rig_.loop().advance(1s);
    EXPECT_TRUE(rig_.send(orders_, "again"));
    EXPECT_FALSE(rig_.queues().full());
    rig_.open();
    EXPECT_EQ(rig_.drain(orders_).size(), static_cast<std::size_t>(accepted) + 1);
    rig_.loop().advance(30s);
    EXPECT_THAT(rig_.drain(dead_), ElementsAre("kept"));
    rig_.close();
}

TEST_F(DurableQueuesTest, GivenADiskWithNoSpaceAtAll_WhenACallNeedsSome_ThenItIsRefusedAndTheEngineHoldsNoMore) {
    ASSERT_TRUE(rig_.send_all(orders_, {"a", "b", "c"}));
    const auto received = rig_.receive(orders_, 1).value();
    Polled polled;
    rig_.loop().spawn(store(rig_.queues().receive(dead_, {.options = {}, .wait = 20s, .stop = {}}), polled));
    rig_.loop().run_ready();
    rig_.vfs().limit_file_bytes(0);

    EXPECT_EQ(code(rig_.send(orders_, "x")), "queue.disk_full");
    EXPECT_EQ(code(rig_.remove(orders_, received[0].receipt)), "queue.disk_full");
    EXPECT_EQ(rig_.counts(orders_).in_flight, 1U);
    EXPECT_EQ(rig_.counts(orders_).visible, 2U);
    EXPECT_FALSE(polled);

    rig_.vfs().limit_file_bytes(std::nullopt);
    rig_.loop().advance(1s);
    EXPECT_TRUE(rig_.send(dead_, "for the one who waits"));
    rig_.loop().run_ready();
    ASSERT_TRUE(polled);
    EXPECT_THAT(bodies(polled->value()), ElementsAre("for the one who waits"));
    EXPECT_THAT(rig_.drain(orders_), UnorderedElementsAre("b", "c"));
}

// Lifts the limit of the disk when it was met so often that nobody waits between two attempts.
class ImpatienceWatch final : public JournalObserver {
  public:
    explicit ImpatienceWatch(FaultVfs& vfs) : vfs_(vfs) {}
    void group_committed(const GroupReport&) override {}
    void queue_changed(const QueueName&, const QueueCounts&) override {}
    void disk_full() override {
        if (++full == 1'000) vfs_.limit_file_bytes(std::nullopt);
    }
    int full = 0;

  private:
    FaultVfs& vfs_;
};

TEST_F(DurableQueuesTest, GivenAFullDisk_WhenALeaseEnds_ThenItIsTriedAgainNowAndThenAndNotAllTheTime) {
    ImpatienceWatch watch(rig_.vfs());
    rig_.options().committer.observer = &watch;
    rig_.open();
    ASSERT_TRUE(rig_.send(orders_, "delivered"));
    ASSERT_EQ(rig_.receive(orders_, 1, Holder::outside, 5s)->size(), 1U);
    Polled polled;
    rig_.loop().spawn(store(rig_.queues().receive(orders_, {.options = {}, .wait = 20s, .stop = {}}), polled));
    rig_.loop().run_ready();
    rig_.vfs().limit_file_bytes(0);

    rig_.loop().advance(10s);

    EXPECT_FALSE(polled);
    EXPECT_THAT(watch.full, AllOf(Ge(1), Le(10)));
    rig_.vfs().limit_file_bytes(std::nullopt);
    rig_.loop().advance(1s);
    ASSERT_TRUE(polled);
    EXPECT_THAT(bodies(polled->value()), ElementsAre("delivered"));
    rig_.close();
}

TEST_F(DurableQueuesTest, GivenADamagedMessage_WhenItIsRead_ThenNothingIsDeliveredAndTheProcessIsToEnd) {
    ASSERT_TRUE(rig_.send(orders_, "a message whose bytes will change"));
    rig_.close();
    std::fstream file(rig_.path(), std::ios::in | std::ios::out | std::ios::binary);
    const std::string all((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    const auto at = all.find("a message whose");
    ASSERT_NE(at, std::string::npos);
    file.seekp(static_cast<std::streamoff>(at));
    file.put('A');
    file.close();

    const auto opened = rig_.try_open();

    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code(), "disk.corrupt");
}

TEST_F(DurableQueuesTest, GivenAFileOfANewerVersion_WhenOpened_ThenItIsRefusedUnchanged) {
    rig_.close();
    {
        auto database = sqlite::Database::open(rig_.path(), {});
        ASSERT_TRUE(database.value().execute("PRAGMA user_version=99"));
    }

    const auto opened = rig_.try_open();

    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code(), "sqlite.newer_version");
}

}  // namespace
}  // namespace orderflow::queue
