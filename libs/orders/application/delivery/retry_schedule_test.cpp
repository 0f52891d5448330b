#include "libs/orders/application/delivery/retry_schedule.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <numeric>

namespace orderflow::orders {
namespace {

using std::chrono::milliseconds;
constexpr auto highest = std::numeric_limits<std::uint64_t>::max();

TEST(RetrySchedule, GivenAllItsSteps_WhenAdded_ThenTheyAreAbout76Hours) {
    const auto total = std::accumulate(retry_steps.begin(), retry_steps.end(), std::chrono::seconds(0));
    EXPECT_EQ(total, std::chrono::hours(75) + std::chrono::minutes(35) + std::chrono::seconds(5));
    EXPECT_EQ(attempts_max, 10);
}

TEST(RetrySchedule, GivenTheMiddleOfTheDice_WhenDrawn_ThenTheWaitIsTheStep) {
    for (std::int32_t attempts = 1; attempts < attempts_max; ++attempts) {
        const milliseconds step = retry_steps[static_cast<std::size_t>(attempts - 1)];
        EXPECT_EQ(retry_wait(attempts, highest / 2 + 1), step);
    }
}

TEST(RetrySchedule, GivenTheEndsOfTheDice_WhenDrawn_ThenTheWaitIsBetweenHalfASecondAndTwiceTheStep) {
    EXPECT_EQ(retry_wait(1, 0), retry_wait_min);
    EXPECT_GE(retry_wait(1, highest), std::chrono::seconds(10) - milliseconds(1));
    EXPECT_LE(retry_wait(9, highest), std::chrono::hours(48));
}

TEST(RetrySchedule, GivenAnyNumberOfAttempts_WhenDrawn_ThenNothingOverflows) {
    EXPECT_LE(retry_wait(std::numeric_limits<std::int32_t>::max(), highest), std::chrono::hours(48));
    EXPECT_LE(retry_wait(0, highest), std::chrono::seconds(10));
}

}  // namespace
}  // namespace orderflow::orders
