#include "orderflow/load/latency_histogram.hpp"

#include <gtest/gtest.h>

namespace orderflow::load {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

// Within 1 % above `exact`, never below it.
void expect_close(nanoseconds got, nanoseconds exact) {
    EXPECT_GE(got, exact);
    EXPECT_LE(got.count(), exact.count() + exact.count() / 100);
}

TEST(LatencyHistogram, GivenNothing_ThenEverythingIsZero) {
    const LatencyHistogram latency;

    EXPECT_EQ(latency.count(), 0U);
    EXPECT_EQ(latency.at(500), 0ns);
    EXPECT_EQ(latency.max(), 0ns);
}

TEST(LatencyHistogram, GivenOneToAHundredThousandMicroseconds_ThenEveryPercentileIsWithinOnePercent) {
    LatencyHistogram latency;
    for (int us = 1; us <= 100'000; ++us) latency.add(std::chrono::microseconds(us));

    for (const unsigned per_mille : {1U, 10U, 500U, 900U, 990U, 999U}) {
        expect_close(latency.at(per_mille), std::chrono::microseconds(100) * per_mille);
    }
    EXPECT_EQ(latency.at(1000), 100ms);
    EXPECT_EQ(latency.max(), 100ms);
    EXPECT_EQ(latency.count(), 100'000U);
}

TEST(LatencyHistogram, GivenAnyMagnitude_ThenTheValueIsFoundAgain) {
    for (std::int64_t ns = 1; ns < nanoseconds(23h).count(); ns = ns * 3 + 1) {
        LatencyHistogram latency;
        latency.add(nanoseconds(ns));
        latency.add(24h);  // so that max() does not cap it
        expect_close(latency.at(500), nanoseconds(ns));
    }
}

TEST(LatencyHistogram, GivenOneSlowAnswerInAThousand_ThenOnlyTheLastPercentilesShowIt) {
    LatencyHistogram latency;
    for (int i = 0; i < 999; ++i) latency.add(1ms);
    latency.add(1s);

    expect_close(latency.at(999), 1ms);
    EXPECT_EQ(latency.at(1000), 1s);
}

TEST(LatencyHistogram, GivenDurationsOutOfRange_ThenTheyCountAtItsEnds) {
    LatencyHistogram latency;
    latency.add(-5ms);
    EXPECT_EQ(latency.at(1000), 0ns);

    latency.add(100h);
    EXPECT_EQ(latency.max(), 24h);
    EXPECT_EQ(latency.at(1000), 24h);
}

TEST(LatencyHistogram, GivenTwo_WhenAdded_ThenTheSumIsOfBoth) {
    LatencyHistogram fast;
    LatencyHistogram slow;
    for (int i = 0; i < 90; ++i) fast.add(1ms);
    for (int i = 0; i < 10; ++i) slow.add(100ms);

    fast.add(slow);

    EXPECT_EQ(fast.count(), 100U);
    EXPECT_EQ(fast.max(), 100ms);
    expect_close(fast.at(900), 1ms);
    expect_close(fast.at(910), 100ms);
}

TEST(LatencyHistogram, WhenCleared_ThenNothingIsLeft) {
    LatencyHistogram latency;
    latency.add(1ms);

    latency.clear();

    EXPECT_EQ(latency.count(), 0U);
    EXPECT_EQ(latency.at(1000), 0ns);
}

}  // namespace
}  // namespace orderflow::load
