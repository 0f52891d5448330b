// A worker dies at any moment. Method: run the same work and kill the worker at the n-th boundary of its calls to
// queue, store and provider; another worker goes on. Then the same for n + 1, until the work ends without reaching n.
#include <gtest/gtest.h>

#include "worker-service/worker_rig_test.hpp"

namespace orderflow::worker {
namespace {

namespace samples = orders::samples;
using orders::OrderStatus;

constexpr std::uint32_t order_count = 6;

void fill(WorkerRig& rig) {
    rig.place(0, "tok_ok");
    rig.place(1, "tok_declined");
    rig.place(2, "tok_unknown");
    rig.place(3, "tok_flaky");
    rig.place(4, "tok_slow");
    rig.place(5, samples::draft({{"lamp", 2}}));
    rig.cancel(4);
    rig.cancel(5, "cmd_5");
}

WorkerConfig quiet() {
    WorkerConfig config;
    config.orders = consumer_of(2, 8, 2);
    config.commands = consumer_of(1, 4, 1);
    return config;
}

void expect_all_settled_once(WorkerRig& rig) {
    EXPECT_EQ(rig.waiting(rig.orders), 0U);
    EXPECT_EQ(rig.waiting(rig.commands), 0U);
    EXPECT_EQ(rig.waiting(rig.letters), 0U);
    EXPECT_TRUE(rig.dead_letters().empty());
    const OrderStatus expected[] = {OrderStatus::confirmed, OrderStatus::rejected,  OrderStatus::confirmed,
                                    OrderStatus::confirmed, OrderStatus::cancelled, OrderStatus::cancelled};
    for (std::uint32_t i = 0; i < order_count; ++i) EXPECT_EQ(rig.status(i), expected[i]) << i;
    for (std::uint32_t i = 0; i < order_count; ++i) {
        const auto events = rig.loop.run(rig.memory.events(samples::order_id(i), 0)).value();
        for (std::size_t e = 0; e < events.size(); ++e) EXPECT_EQ(events[e].version, static_cast<std::int32_t>(e) + 1);
    }
    rig.check_books();
}

TEST(WorkerCrash, GivenAWorkerThatDiesAtAnyCall_WhenAnotherGoesOn_ThenNothingIsLostAndNothingDoubled) {
    bool survived = false;
    std::uint64_t boundary = 0;
    while (!survived && !testing::Test::HasFailure()) {
        ++boundary;
        SCOPED_TRACE("boundary " + std::to_string(boundary));
        WorkerRig rig;
        fill(rig);
        auto& first = rig.start_worker(quiet());
        first.life.arm(boundary);
        rig.loop.advance(2min);
        survived = !first.life.dead() && rig.waiting(rig.orders) + rig.waiting(rig.commands) == 0;
        if (!first.life.dead()) first.life.pull();

        rig.start_worker(quiet());
        rig.loop.advance(20min);

        expect_all_settled_once(rig);
        if (boundary > 2000) FAIL() << "the work never ends";
    }
    EXPECT_GT(boundary, 40U);
}

TEST(WorkerCrash, GivenWorkersThatKeepDyingAtRandom_WhenOneLivesLongEnough_ThenNothingIsLostAndNothingDoubled) {
    for (std::uint64_t seed = 1; seed <= 30 && !testing::Test::HasFailure(); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        WorkerRig rig(seed);
        fill(rig);
        for (int lives = 0; lives < 6; ++lives) {
            auto& worker = rig.start_worker(quiet());
            worker.life.arm(1 + rig.entropy.below(60));
            rig.loop.advance(std::chrono::seconds(rig.entropy.below(90)));
            worker.life.pull();
        }
        rig.start_worker(quiet());

        rig.loop.advance(40min);

        expect_all_settled_once(rig);
    }
}

}  // namespace
}  // namespace orderflow::worker
