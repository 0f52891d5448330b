#include "libs/observe/span_queue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace orderflow::observe {
namespace {

using ::testing::HasSubstr;

class SpanQueueTest : public ::testing::Test {
  protected:
    static SpanRecord named(std::string name) {
        SpanRecord span;
        span.name = std::move(name);
        return span;
    }

    Metrics metrics_;
    Counter& dropped_ = metrics_.counter("orderflow_dropped_total", "Dropped.");
    SpanQueue queue_{4, dropped_};
};

TEST_F(SpanQueueTest, GivenMoreSpansThanItHolds_ThenTheNewOnesAreDroppedAndCounted) {
    for (int i = 0; i < 10; ++i) queue_.take(named(std::to_string(i)));

    EXPECT_EQ(queue_.size(), 4U);
    EXPECT_THAT(metrics_.render(), HasSubstr("orderflow_dropped_total 6"));
    const auto drawn = queue_.draw(3);
    ASSERT_EQ(drawn.size(), 3U);
    EXPECT_EQ(drawn[0].name, "0");
    EXPECT_EQ(queue_.size(), 1U);
}

TEST_F(SpanQueueTest, GivenEnoughSpans_ThenTheSenderIsWokenOnceUntilItDraws) {
    int woken = 0;
    queue_.when_waiting(2, [&] { ++woken; });
    for (int i = 0; i < 4; ++i) queue_.take(named("a"));
    EXPECT_EQ(woken, 1);

    queue_.draw(4);
    queue_.take(named("b"));
    EXPECT_EQ(woken, 1);
    queue_.take(named("b"));
    EXPECT_EQ(woken, 2);
}

}  // namespace
}  // namespace orderflow::observe
