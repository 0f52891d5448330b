#include "libs/testing/sim_threads.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "libs/async/sleep.hpp"
#include "libs/async/spawner.hpp"
#include "libs/testing/seeded_entropy.hpp"

namespace orderflow {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

// Two threads with three pieces of work each; the order in which they ran.
std::string order_of(std::uint64_t seed) {
    SeededEntropy entropy(seed);
    SimThreads threads(entropy);
    auto& a = threads.add("a");
    auto& b = threads.add("b");
    std::string order;
    for (const auto letter : {'1', '2', '3'}) a.post([&order, letter] { order += letter; });
    for (const auto letter : {'x', 'y', 'z'}) b.post([&order, letter] { order += letter; });
    while (threads.step(threads.clock().now() + 1s) != nullptr) {
    }
    return order;
}

std::string only(const std::string& order, std::string_view letters) {
    std::string some;
    for (const auto letter : order) {
        if (letters.contains(letter)) some += letter;
    }
    return some;
}

class SimThreadsTest : public ::testing::Test {
  protected:
    void run_for(BootClock::duration time) {
        const auto until = threads_.clock().now() + time;
        while (threads_.step(until) != nullptr) {
        }
    }

    SeededEntropy entropy_{1};
    SimThreads threads_{entropy_};
    SimThreads::Thread& a_{threads_.add("a")};
    SimThreads::Thread& b_{threads_.add("b")};
    std::vector<std::string> done_;
};

TEST(SimThreadsSeedTest, GivenAnySeed_ThenEachThreadDoesItsWorkInOrderAndTheThreadsMingleInEveryWay) {
    std::set<std::string> orders;
    for (std::uint64_t seed = 1; seed <= 500; ++seed) {
        const auto order = order_of(seed);
        EXPECT_EQ(only(order, "123"), "123");
        EXPECT_EQ(only(order, "xyz"), "xyz");
        EXPECT_EQ(order, order_of(seed));
        orders.insert(order);
    }
    EXPECT_THAT(orders, SizeIs(20));  // 6 over 3
}

TEST_F(SimThreadsTest, GivenNothingToDo_WhenStepped_ThenTimeGoesToTheEndAndNoFurther) {
    const auto until = threads_.clock().now() + 5s;

    EXPECT_EQ(threads_.step(until), nullptr);

    EXPECT_EQ(threads_.clock().now(), until);
}

TEST_F(SimThreadsTest, GivenTimers_WhenTimePasses_ThenTheyRunInTheirOrderAndACancelledOneDoesNot) {
    const auto start = threads_.clock().now();
    b_.post_at(start + 2s, [this] { done_.emplace_back("second"); });
    a_.post_at(start + 1s, [this] { done_.emplace_back("first"); });
    const auto timer = a_.post_at(start + 1s, [this] { done_.emplace_back("cancelled"); });
    a_.cancel(timer);

    run_for(3s);

    EXPECT_THAT(done_, ElementsAre("first", "second"));
}

TEST_F(SimThreadsTest, GivenAThreadThatStandsStill_WhenTimePasses_ThenTheOthersGoOnAndItComesLater) {
    const auto start = threads_.clock().now();
    a_.stall_until(start + 10s);
    a_.post([this] { done_.emplace_back("late"); });
    b_.post_at(start + 5s, [this] { done_.emplace_back("in time"); });

    run_for(9s);
    EXPECT_THAT(done_, ElementsAre("in time"));

    run_for(2s);
    EXPECT_THAT(done_, ElementsAre("in time", "late"));
}

task<void> sleep_and_say(SimThreads::Thread& thread, const Clock& clock, std::vector<std::string>& done) {
    co_await sleep_until(thread, clock.now() + 3s);  // everything outlives the coroutine
    done.emplace_back("slept");
}

TEST_F(SimThreadsTest, GivenACoroutine_WhenItSleeps_ThenItGoesOnWithItsThread) {
    Spawner(a_.loop())(sleep_and_say(a_, threads_.clock(), done_));

    run_for(2s);
    EXPECT_TRUE(done_.empty());

    run_for(2s);
    EXPECT_THAT(done_, ElementsAre("slept"));
}

TEST_F(SimThreadsTest, GivenWorkThatPostsMoreWhenItIsDestroyed_WhenCleared_ThenNothingIsLeft) {
    auto poster = std::shared_ptr<int>(new int(1), [this](const int* number) {
        delete number;
        a_.post([this] { done_.emplace_back("from the grave"); });
    });
    a_.post([kept = poster] {});
    poster.reset();

    a_.clear();
    run_for(1s);

    EXPECT_TRUE(done_.empty());
}

}  // namespace
}  // namespace orderflow
