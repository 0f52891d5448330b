#include "orderflow/move/move_check.hpp"

#include <gtest/gtest.h>

namespace orderflow {
namespace {

TEST(EstimatedTime, GivenNothing_ThenItIsASecond) { EXPECT_EQ(estimated_time({}).count(), 1); }

TEST(EstimatedTime, GivenMoreRowsOrMessages_ThenItIsMore) {
    const auto some = estimated_time({.rows = 1'000'000, .messages = 0});

    EXPECT_GT(some.count(), 10);
    EXPECT_GT(estimated_time({.rows = 2'000'000, .messages = 0}), some);
    EXPECT_GT(estimated_time({.rows = 1'000'000, .messages = 100'000}), some);
}

}  // namespace
}  // namespace orderflow
