// The simulation has to notice what is broken: with each defect some of its first seeds are bad.
#include <gtest/gtest.h>

#include <string>

#include "tests/simulation/simulation.hpp"

namespace orderflow::simulation {
namespace {

// Which seed meets a defect changes with every step that the program takes more or less; all but one show within 50.
constexpr std::uint64_t seeds_max = 400;

class SimulationDefectTest : public ::testing::TestWithParam<std::pair<std::string_view, Defect>> {};

INSTANTIATE_TEST_SUITE_P(Each, SimulationDefectTest, ::testing::ValuesIn(defect_names),
                         [](const auto& about) { return std::string(about.param.first); });

TEST_P(SimulationDefectTest, GivenABrokenPart_ThenASeedShowsTheHarm) {
    for (std::uint64_t seed = 1; seed <= seeds_max; ++seed) {
        if (!simulate(seed, {.defect = GetParam().second}).good()) return;
    }
    FAIL() << "nothing was noticed in " << seeds_max << " seeds";
}

}  // namespace
}  // namespace orderflow::simulation
