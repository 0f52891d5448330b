#include "programs/queue_declaration.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/base/thread_executor.hpp"
#include "libs/testing/fake_clock.hpp"
#include "libs/testing/seeded_entropy.hpp"
#include "libs/testing/temp_dir.hpp"
#include "orderflow/wait_for.hpp"

namespace orderflow {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string account = "000000000000";

class QueueDeclarationTest : public testing::Test {
  protected:
    // One life of the program: opens the journal, does it, closes.
    template <class Work>
    void live(Work work) {
        ThreadExecutor writer(clock_, "queue-journal");
        queue::DurableQueuesOptions options;
        options.journal.path = directory_ / "queue.db";
        auto queues = queue::DurableQueues::open(std::move(options), writer, clock_, entropy_);
        ASSERT_TRUE(queues) << queues.error().detail();
        work(**queues);
        writer.stop();
    }
    static std::vector<PlannedQueue> plan(queue::DurableQueues& queues, const std::string& text) {
        const Environment environment{{"ORDERFLOW_SQS_QUEUES", text}};
        SettingsReader settings(environment);
        const auto declared = read_declared_queues(settings);
        EXPECT_THAT(settings.errors(), IsEmpty());
        return plan_queues(queues, declared, account).value();
    }
    static std::string declare(queue::DurableQueues& queues, const std::string& text) {
        const auto planned = plan(queues, text);
        const auto done = declare_queues(queues, planned);
        EXPECT_TRUE(done) << done.error().detail();
        return to_text(planned);
    }
    static queue::QueueName name(const char* queue) { return {queue::default_scope(), queue}; }
    static queue::QueueRecord record(queue::DurableQueues& queues, const char* queue) {
        return wait_for(queues.record(wait_for(queues.find(name(queue))).value())).value();
    }

  private:
    FakeClock clock_;
    TempDir directory_;
    SeededEntropy entropy_{1};
};

TEST_F(QueueDeclarationTest, GivenQueuesThatNameLaterOnes_WhenDeclared_ThenAllAreThereWithTheirPolicies) {
    live([](queue::DurableQueues& queues) {
        EXPECT_THAT(declare(queues, "a: dlq=b, max_receives=3; b: dlq=c, max_receives=5, delay=9; c"),
                    HasSubstr("us-east-1 made: dlq none -> b after 3 receives"));
    });
    live([](queue::DurableQueues& queues) {
        EXPECT_EQ(record(queues, "a").settings.redrive, (queue::RedrivePolicy{"b", 3}));
        EXPECT_EQ(record(queues, "b").settings.redrive, (queue::RedrivePolicy{"c", 5}));
        EXPECT_EQ(record(queues, "b").settings.delay, std::chrono::seconds(9));
    });
}

TEST_F(QueueDeclarationTest, GivenTheSameDeclaration_WhenStartedAgain_ThenNothingHappens) {
    const std::string text = "a: visibility=60, dlq=b, max_receives=3; b";
    live([&](queue::DurableQueues& queues) { declare(queues, text); });
    live([&](queue::DurableQueues& queues) {
        const auto before = record(queues, "a");
        EXPECT_EQ(plan(queues, text)[0].changes, std::vector<std::string>());
        EXPECT_THAT(declare(queues, text), HasSubstr("as declared"));
        EXPECT_EQ(record(queues, "a").no, before.no);
        EXPECT_EQ(record(queues, "a").modified_at, before.modified_at);
    });
}

TEST_F(QueueDeclarationTest, GivenOtherSettings_WhenStartedAgain_ThenTheNamedOnesAreAppliedAndToldAndTheOthersStay) {
    live([](queue::DurableQueues& queues) {
        declare(queues, "a: visibility=60");
        auto settings = record(queues, "a").settings;
        settings.delay = std::chrono::seconds(5);  // by a client
        ASSERT_TRUE(wait_for(queues.change_settings(record(queues, "a").no, settings)));
    });
    live([](queue::DurableQueues& queues) {
        EXPECT_THAT(plan(queues, "a: visibility=2m")[0].changes, ElementsAre("visibility 1m -> 2m"));
        EXPECT_EQ(record(queues, "a").settings.visibility_timeout, std::chrono::seconds(60))
            << "a plan changes nothing";
        declare(queues, "a: visibility=2m");
        EXPECT_EQ(record(queues, "a").settings.visibility_timeout, std::chrono::seconds(120));
        EXPECT_EQ(record(queues, "a").settings.delay, std::chrono::seconds(5));
    });
}

TEST_F(QueueDeclarationTest, GivenADeclaredQueueThatWasDeletedAMomentAgo_WhenStarted_ThenItIsMadeAgain) {
    live([](queue::DurableQueues& queues) {
        declare(queues, "jobs");
        ASSERT_TRUE(wait_for(queues.remove_queue(wait_for(queues.find(name("jobs"))).value())));
    });
    live([](queue::DurableQueues& queues) {
        declare(queues, "jobs: visibility=5m");
        EXPECT_EQ(record(queues, "jobs").settings.visibility_timeout, 5min);
    });
}

}  // namespace
}  // namespace orderflow
