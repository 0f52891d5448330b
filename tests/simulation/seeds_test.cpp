// The simulation from many seeds. ./dev test runs more of them with the release build, ./dev sim as many as you like.
#include <gtest/gtest.h>

#include "tests/simulation/simulation.hpp"

namespace orderflow::simulation {
namespace {

constexpr std::uint64_t seeds_per_case = 5;

class SimulationSeedsTest : public ::testing::TestWithParam<std::uint64_t> {};

INSTANTIATE_TEST_SUITE_P(Blocks, SimulationSeedsTest, ::testing::Range<std::uint64_t>(0, 40));

TEST_P(SimulationSeedsTest, WhateverGoesWrong_ThenNoOrderIsLostOrDoubledAndNoMoneyOrStockIsWrong) {
    for (std::uint64_t i = 1; i <= seeds_per_case; ++i) {
        const auto result = simulate(GetParam() * seeds_per_case + i);
        EXPECT_TRUE(result.good()) << result.to_text();
    }
}

TEST(SimulationTest, GivenManySeeds_ThenEveryKindOfFaultReallyHappens) {
    Happened sum;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) sum.add(simulate(seed).happened);

    EXPECT_GT(sum.power_cuts, 20U);
    EXPECT_GT(sum.kills, 20U);
    EXPECT_GT(sum.clean_stops, 10U);
    EXPECT_GT(sum.refused_starts, 0U);
    EXPECT_GT(sum.own_ends, 0U);
    EXPECT_GT(sum.disk_failures, 5U);
    EXPECT_GT(sum.full_writes, 5U);
    for (std::size_t kind = 0; kind < fault_kinds.size(); ++kind) {
        EXPECT_GT(sum.faults[kind], 0U) << fault_kinds[kind].name;
    }
}

TEST(SimulationTest, GivenTheSameSeed_ThenTheRunIsTheSameToTheBit) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        const auto one = simulate(seed);
        const auto same = simulate(seed);
        EXPECT_EQ(one.hash, same.hash) << "seed " << seed;
        EXPECT_EQ(one.happened.turns, same.happened.turns);
        EXPECT_NE(one.hash, simulate(seed + 100).hash);
    }
}

TEST(SimulationTest, GivenFlippedBits_ThenEachIsFoundOrDoesNotMatter) {
    int found = 0;
    int harmless = 0;
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        const auto result = simulate(seed, {.bit_rot = true});
        EXPECT_TRUE(result.good()) << result.to_text();
        (result.halted ? found : harmless) += 1;
    }
    EXPECT_GT(found, 0);
    EXPECT_GT(harmless, 0);
}

}  // namespace
}  // namespace orderflow::simulation
