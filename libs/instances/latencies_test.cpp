// Goal: buckets of several programs add up, and percentiles say no more than buckets can.
#include "libs/instances/latencies.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace orderflow::instances {
namespace {

using std::chrono::microseconds;
constexpr double infinite = std::numeric_limits<double>::infinity();

TEST(Latencies, GivenNone_ThenNoPercentile) { EXPECT_EQ(Latencies().quantile(0.99), std::nullopt); }

TEST(Latencies, GivenOneBucket_ThenItsTimesLieEvenly) {
    Latencies took;
    took.add(0.01, 100);  // between 5 and 10 ms

    EXPECT_EQ(took.quantile(0.5), microseconds(7500));
    EXPECT_EQ(took.quantile(1), microseconds(10'000));
}

TEST(Latencies, GivenMostFastAndFewSlow_ThenTheHighPercentilesAreTheSlowOnes) {
    Latencies took;
    took.add(0.001, 980);
    took.add(1, 20);

    EXPECT_LE(took.quantile(0.5), microseconds(1000));
    EXPECT_GT(took.quantile(0.99), microseconds(500'000));
}

TEST(Latencies, GivenTimesBeyondTheLastBound_ThenThatBound) {
    Latencies took;
    took.add(infinite, 1);

    EXPECT_EQ(took.total(), 1);
    EXPECT_EQ(took.quantile(0.5), std::chrono::hours(1));
}

TEST(Latencies, GivenABoundThatIsNotOurs_ThenTheNextLargerTakesIt) {
    Latencies took;
    took.add(0.2, 1);

    EXPECT_EQ(took.quantile(1), microseconds(250'000));
}

TEST(Latencies, GivenTwo_WhenAdded_ThenEveryBucketIsTheSum) {
    Latencies one;
    Latencies other;
    Latencies both;
    one.add(0.01, 3);
    other.add(0.01, 4);
    other.add(5, 1);
    both.add(0.01, 7);
    both.add(5, 1);

    one += other;

    EXPECT_EQ(one, both);
    EXPECT_EQ(one.total(), 8);
}

}  // namespace
}  // namespace orderflow::instances
