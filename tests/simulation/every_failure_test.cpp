// A few orders, and one thing that goes wrong at the nth operation of the disk: for every n, until a run ends without
// reaching it.
#include <gtest/gtest.h>

#include <string>

#include "tests/simulation/simulation.hpp"

namespace orderflow::simulation {
namespace {

constexpr std::uint64_t seed = 1;
constexpr std::uint64_t operations_max = 5'000;

struct Sweep {
    const char* name;
    OnlyFault::Kind kind;
    std::uint64_t step;  // reads are many and alike
};

class EveryFailureTest : public ::testing::TestWithParam<Sweep> {};

INSTANTIATE_TEST_SUITE_P(Kinds, EveryFailureTest,
                         ::testing::Values(Sweep{"power_cut", OnlyFault::Kind::power_cut, 1},
                                           Sweep{"kill", OnlyFault::Kind::kill, 1},
                                           Sweep{"failed_read", OnlyFault::Kind::failed_read, 3},
                                           Sweep{"failed_write", OnlyFault::Kind::failed_write, 1},
                                           Sweep{"failed_sync", OnlyFault::Kind::failed_sync, 1},
                                           Sweep{"full_write", OnlyFault::Kind::full_write, 1}),
                         [](const auto& about) { return std::string(about.param.name); });

TEST_P(EveryFailureTest, WhereverItHappens_ThenEveryAcknowledgedOrderSettlesOnce) {
    std::uint64_t nth = 1;
    for (;; nth += GetParam().step) {
        ASSERT_LT(nth, operations_max);
        const auto result = simulate(seed, {.only = OnlyFault{GetParam().kind, nth}});
        EXPECT_TRUE(result.good()) << "the " << nth << ". operation: " << result.to_text();
        if (!result.struck) break;
        EXPECT_GT(result.report.seen.stored, 0U);
    }
    EXPECT_GT(nth, 20U);
}

}  // namespace
}  // namespace orderflow::simulation
