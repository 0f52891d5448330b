// Method: a journal in virtual time whose observer is the one of the programs.
#include "orderflow/queue_metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "queue-service/journal/journal_rig.hpp"

namespace orderflow {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Lines final : public observe::LogSink {
  public:
    void write(observe::LogLevel, std::string_view line) override { text.append(line).append("\n"); }
    std::string text;
};

class QueueMetricsTest : public ::testing::Test {
  protected:
    void SetUp() override {
        rig.options().committer.observer = &observer;
        rig.options().committer.tell_every = QueueMetrics::counted_every;
        rig.open();
    }
    void count(std::size_t queues) {
        std::vector<std::pair<queue::QueueName, queue::QueueCounts>> all;
        for (std::size_t i = 0; i < queues; ++i) {
            all.emplace_back(queue::QueueName{queue::default_scope(), "q" + std::to_string(i)}, queue::QueueCounts());
        }
        observer.queues_counted(all);
    }

    observe::Metrics metrics;
    Lines sink;
    queue::JournalRig rig;
    observe::Logger log{rig.loop().clock(), sink, observe::LogLevel::warn};
    QueueMetrics observer{metrics, log};
};

TEST_F(QueueMetricsTest, GivenAMessageThatNobodyTouches_WhenTimePasses_ThenItsAgeGrowsAndItsLeaseEnds) {
    const auto jobs = rig.create("jobs");
    ASSERT_TRUE(rig.send(jobs, "one"));
    ASSERT_EQ(rig.receive(jobs, 1, queue::Holder::outside, std::chrono::seconds(60))->size(), 1U);

    rig.loop().advance(30s);
    EXPECT_THAT(metrics.render(), HasSubstr("orderflow_queue_oldest_age_seconds{queue=\"jobs\"} 30\n"));
    EXPECT_THAT(metrics.render(), HasSubstr("orderflow_queue_in_flight_messages{queue=\"jobs\"} 1\n"));

    rig.loop().advance(31s);
    EXPECT_THAT(metrics.render(), HasSubstr("orderflow_queue_in_flight_messages{queue=\"jobs\"} 0\n"));
    EXPECT_THAT(metrics.render(), HasSubstr("orderflow_queue_visible_messages{queue=\"jobs\"} 1\n"));
}

TEST_F(QueueMetricsTest, GivenMessagesOfSeveralQueues_WhenTheyAreHandedOut_ThenEachOfTheSystemsQueuesCountsItsOwn) {
    const auto orders = rig.create("orders");
    const auto jobs = rig.create("jobs");
    ASSERT_TRUE(rig.send_all(orders, {"a", "b"}));
    ASSERT_TRUE(rig.send(jobs, "c"));
    ASSERT_EQ(rig.receive(orders, 10, queue::Holder::outside, std::chrono::seconds(60))->size(), 2U);
    ASSERT_EQ(rig.receive(jobs, 10, queue::Holder::outside, std::chrono::seconds(60))->size(), 1U);

    const auto text = metrics.render();
    EXPECT_THAT(text, HasSubstr("orderflow_queue_messages_delivered_total{queue=\"orders\"} 2\n"));
    EXPECT_THAT(text, HasSubstr("orderflow_queue_messages_delivered_total{queue=\"orders-commands\"} 0\n"));
    EXPECT_THAT(text, HasSubstr("orderflow_queue_messages_delivered_total 1\n"));
}

TEST_F(QueueMetricsTest, GivenAQueueThatIsDeleted_WhenCounted_ThenItHasNoGaugesAnyMore) {
    const auto jobs = rig.create("jobs");
    rig.loop().advance(QueueMetrics::counted_every);
    EXPECT_THAT(metrics.render(), HasSubstr("queue=\"jobs\""));

    ASSERT_TRUE(rig.run(rig.queues().remove_queue(jobs)));
    rig.loop().advance(QueueMetrics::counted_every);

    EXPECT_THAT(metrics.render(), Not(HasSubstr("queue=\"jobs\"")));
}

TEST_F(QueueMetricsTest, GivenAPurgeAndARemoval_ThenEachIsLoggedWithItsQueueOnceItIsOnDisk) {
    const auto jobs = rig.create("jobs");
    const auto audit = rig.create("audit");
    ASSERT_TRUE(rig.send(jobs, "one"));
    EXPECT_EQ(sink.text, "");

    ASSERT_TRUE(rig.run(rig.queues().purge(jobs)));
    EXPECT_THAT(sink.text, HasSubstr(R"("event":"queue.purged","queue":"jobs"})"));
    EXPECT_THAT(sink.text, Not(HasSubstr("queue.removed")));

    sink.text.clear();
    ASSERT_TRUE(rig.run(rig.queues().remove_queue(audit)));
    EXPECT_THAT(sink.text, HasSubstr(R"("event":"queue.removed","queue":"audit"})"));
    EXPECT_THAT(sink.text, Not(HasSubstr("queue.purged")));
}

TEST_F(QueueMetricsTest, GivenMoreQueuesThanHaveGauges_WhenSomeGo_ThenTheOthersGetTheirs) {
    count(QueueMetrics::queues_max + 1);
    EXPECT_THAT(metrics.render(), Not(HasSubstr("queue=\"q200\"")));

    observer.queues_counted({{{queue::default_scope(), "q200"}, {}}});

    EXPECT_THAT(metrics.render(), HasSubstr("orderflow_queue_visible_messages{queue=\"q200\"} 0"));
    EXPECT_THAT(metrics.render(), Not(HasSubstr("queue=\"q0\"")));
}

}  // namespace
}  // namespace orderflow
