// Goal: what operators tell the workers holds until they say something later about the same.
#include "libs/orders/domain/worker_settings.hpp"

#include <gtest/gtest.h>

#include "libs/testing/order_samples.hpp"

namespace orderflow::orders {
namespace {

using Action = DirectWorkers::Action;
using samples::at;

TEST(WorkerSettings, GivenNobodySaidAnything_ThenNothingHolds) {
    EXPECT_FALSE(WorkerSettings().paused);
    EXPECT_FALSE(WorkerSettings().in_progress_max);
}

TEST(WorkerSettings, GivenAPauseAndALaterResume_ThenTheLaterStands) {
    const auto paused = directed({}, {.action = Action::pause}, "c1", at(1)).value();
    const auto resumed = directed(paused, {.action = Action::resume}, "c2", at(2)).value();

    EXPECT_TRUE(paused.paused);
    EXPECT_FALSE(resumed.paused);
    EXPECT_EQ(resumed.paused_by.command_id, "c2");
}

TEST(WorkerSettings, GivenAPauseThatComesBehindALaterResume_ThenItIsOvertaken) {
    const auto resumed = directed({}, {.action = Action::resume}, "c2", at(2)).value();

    EXPECT_FALSE(directed(resumed, {.action = Action::pause}, "c1", at(1)));
}

TEST(WorkerSettings, GivenALimit_ThenItIsApartFromThePause) {
    const auto paused = directed({}, {.action = Action::pause}, "c2", at(2)).value();
    const auto limited = directed(paused, {.action = Action::limit, .in_progress_max = 8}, "c1", at(1)).value();
    const auto freed = directed(limited, {.action = Action::limit}, "c3", at(3)).value();

    EXPECT_TRUE(limited.paused);
    EXPECT_EQ(limited.in_progress_max, 8);
    EXPECT_EQ(freed.in_progress_max, std::nullopt);
}

}  // namespace
}  // namespace orderflow::orders
