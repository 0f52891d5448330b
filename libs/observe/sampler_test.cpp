#include "libs/observe/sampler.hpp"

#include <gtest/gtest.h>

#include "libs/testing/seeded_entropy.hpp"

namespace orderflow::observe {
namespace {

TraceContext context(bool sampled) {
    SeededEntropy entropy(1);
    auto result = TraceContext::start(entropy);
    result.sampled = sampled;
    return result;
}

TEST(Sampler, GivenACaller_WhenParentBased_ThenItsDecisionHolds) {
    const auto yes = context(true);
    const auto no = context(false);

    EXPECT_TRUE((Sampler{.parent_based = true, .ratio = 0}).samples(&yes, yes));
    EXPECT_FALSE((Sampler{.parent_based = true, .ratio = 1}).samples(&no, no));
    EXPECT_FALSE((Sampler{.parent_based = false, .ratio = 0}).samples(&yes, yes));
    EXPECT_TRUE((Sampler{.parent_based = false, .ratio = 1}).samples(&no, no));
}

TEST(Sampler, GivenARatio_WhenTracesBegin_ThenThatShareIsRecorded) {
    SeededEntropy entropy(7);
    const Sampler sampler{.parent_based = true, .ratio = 0.25};
    int sampled = 0;
    for (int i = 0; i < 10'000; ++i) sampled += sampler.samples(nullptr, TraceContext::start(entropy)) ? 1 : 0;

    EXPECT_NEAR(sampled, 2500, 200);
}

// As the SDKs of other languages decide, so that a trace is whole or not there.
TEST(Sampler, GivenATraceId_WhenAskedByARatio_ThenItsLowerEightBytesDecide) {
    auto low = context(true);
    low.trace_id = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x10, 0, 0, 0, 0, 0, 0, 1};
    auto high = low;
    high.trace_id[8] = 0xF0;
    const Sampler half{.parent_based = false, .ratio = 0.5};

    EXPECT_TRUE(half.samples(nullptr, low));
    EXPECT_FALSE(half.samples(nullptr, high));
    EXPECT_FALSE((Sampler{.parent_based = false, .ratio = 0}).samples(nullptr, low));
}

}  // namespace
}  // namespace orderflow::observe
