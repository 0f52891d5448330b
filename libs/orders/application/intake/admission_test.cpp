// When one more order is too much, and when there is room again.
#include "libs/orders/application/intake/admission.hpp"

#include <gtest/gtest.h>

#include "libs/orders/application/intake/intake_fixture_test.hpp"
#include "libs/testing/in_memory_message_queue.hpp"
#include "libs/testing/sim_loop.hpp"

namespace orderflow::orders {
namespace {

TEST(AdmissionRules, GivenALoad_ThenEachLimitCounts) {
    const AdmissionLimits limits{.waiting_messages = 2, .waiting_bytes = 10, .queue_depth = 5, .wait = 60s};

    EXPECT_FALSE(is_overloaded({1, 9, 4, 60s}, limits));
    EXPECT_TRUE(is_overloaded({2, 0, 0, {}}, limits));
    EXPECT_TRUE(is_overloaded({0, 10, 0, {}}, limits));
    EXPECT_TRUE(is_overloaded({0, 0, 5, {}}, limits));
    EXPECT_TRUE(is_overloaded({0, 0, 4, 61s}, limits));
}

TEST(AdmissionRules, GivenTheDefaults_ThenABacklogOfAMillionIsWelcome) {
    EXPECT_FALSE(is_overloaded({0, 0, 1'000'000, std::nullopt}, AdmissionLimits{}));
    EXPECT_FALSE(is_overloaded({0, 0, 1'000'000, 1000s}, AdmissionLimits{}));
}

TEST(AdmissionRules, GivenARate_ThenRetryAfterIsTheTimeUntilThereIsRoom) {
    const AdmissionLimits limits{.queue_depth = 1000, .wait = 60s};

    EXPECT_EQ(room_after({.queue_depth = 500, .wait = 90s}, limits), 30s) << "until the wait is its target";
    EXPECT_EQ(room_after({.queue_depth = 2000, .wait = 50s}, limits), 25s) << "until the depth is its limit";
    EXPECT_EQ(room_after({.queue_depth = 2000, .wait = std::nullopt}, limits), 1s) << "nobody knows";
    EXPECT_EQ(room_after({.queue_depth = 500, .wait = 1s}, limits), 1s);
    EXPECT_EQ(room_after({.queue_depth = 500, .wait = 1000h}, limits), 3600s);
    EXPECT_EQ(room_after({}, limits), 1s);
}

class AdmissionTest : public testing::Test {
  protected:
    // One second in which so many orders come, are admitted and sent, and a worker takes so many away. The last answer.
    Result<void> second(const char* tenant, int arrive, int leave) {
        Result<void> answer;
        for (int i = 0; i < arrive; ++i) {
            answer = admission.admit(0, 0, tenant);
            loop.run_ready();
            if (!answer) continue;
            std::vector<OutgoingMessage> messages;
            messages.emplace_back("order");
            (void)loop.run(queue.send(std::move(messages)));
            admission.accepted(tenant);
        }
        while (leave > 0) {
            const auto got = loop.run(queue.receive({}));
            std::vector<ReceiptHandle> done;
            for (const auto& message : got.value()) done.push_back(message.receipt);
            leave -= 10;
            if (done.empty()) break;
            (void)loop.run(queue.remove(std::move(done)));
        }
        loop.advance(1s);
        return answer;
    }

    SimLoop loop;
    InMemoryMessageQueue queue{loop, loop.clock(), {}};
    Backlog backlog;
    Admission admission{queue, parts_of(loop), backlog, {.queue_depth = 1000, .wait = 20s}};
};

TEST_F(AdmissionTest, GivenWorkersThatAreTooSlow_ThenOrdersAreRefusedBeforeTheDepthLimit) {
    Result<void> answer;
    int seconds = 0;
    while (answer && ++seconds < 60) answer = second("acme", 40, 10);

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code(), "overloaded");
    EXPECT_LT(admission.known_depth(), 400U) << "20 s at 10 a second, and what came before the rate was known";
    EXPECT_GE(admission.room_after(), 1s);
    while (!second("acme", 1, 10)) ASSERT_LT(++seconds, 120);
}

TEST_F(AdmissionTest, GivenWorkersThatStandStill_ThenTheDepthAloneCounts) {
    for (int i = 0; i < 90; ++i) EXPECT_TRUE(second("acme", 10, 0)) << i;

    EXPECT_FALSE(second("acme", 200, 0)) << "at its limit of 1000";
}

TEST_F(AdmissionTest, GivenATenantThatFillsTheBacklog_ThenItIsRefusedFirst) {
    for (int i = 0; i < 12; ++i) {
        (void)second("acme", 49, 0);
        (void)second("bert", 1, 0);
    }

    EXPECT_FALSE(second("acme", 1, 0)) << "above half of the depth limit";
    EXPECT_TRUE(second("bert", 1, 0));
    EXPECT_TRUE(second("carl", 1, 0));
}

}  // namespace
}  // namespace orderflow::orders
