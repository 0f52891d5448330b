// A worker that keeps dying spends a receive of what it holds each time. Goal: it holds little until it has proved that
// it can commit something, so that a crash loop does not dead-letter orders that nobody ever tried.
#include <gtest/gtest.h>

#include "worker-service/worker_rig_test.hpp"

namespace orderflow::worker {
namespace {

constexpr std::uint32_t order_count = 60;

TEST(WorkerSlowStart, GivenABacklog_WhenAWorkerDiesAtAnyCall_ThenItHeldOneMessageMoreForEachChangeItCommitted) {
    const auto first = WorkerConfig{}.orders.in_progress_first;
    for (std::uint64_t boundary = 1; boundary <= 120; ++boundary) {
        SCOPED_TRACE("boundary " + std::to_string(boundary));
        WorkerRig rig;
        for (std::uint32_t i = 0; i < order_count; ++i) rig.place(i, "tok_ok");
        auto& worker = rig.start_worker();
        worker.life.arm(boundary);

        rig.loop.run_ready();

        const auto counts = rig.loop.run(rig.orders.counts()).value();
        std::size_t committed = 0;
        for (const auto& group : rig.store.groups) committed += group.size();
        EXPECT_LE(counts.in_flight, first + committed);
    }
}

TEST(WorkerSlowStart, GivenABacklog_WhenNothingStops_ThenAllPlacesAreUsedInTheEnd) {
    WorkerRig rig;
    for (std::uint32_t i = 0; i < order_count; ++i) rig.place(i, "tok_ok");
    rig.start_worker();

    rig.loop.advance(1min);

    EXPECT_EQ(rig.waiting(rig.orders), 0U);
}

}  // namespace
}  // namespace orderflow::worker
