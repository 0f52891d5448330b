#include "chaos/rig/run.hpp"

#include <gtest/gtest.h>

#include "libs/testing/temp_dir.hpp"

namespace orderflow::chaos {
namespace {

class Runs : public testing::Test {
  protected:
    chaos::Run of_seed(std::uint64_t seed) const { return {workspace_, "kills", {.seed = seed, .rounds = 2}}; }

  private:
    TempDir parent_;
    Workspace workspace_{parent_.path()};
};

std::vector<std::uint64_t> choices(chaos::Run run) {
    std::vector<std::uint64_t> made;
    for (int i = 0; i < 50; ++i) made.push_back(run.choose(1, 1000));
    return made;
}

TEST_F(Runs, GivenTheSameSeed_WhenItChooses_ThenItChoosesTheSame) {
    EXPECT_EQ(choices(of_seed(5)), choices(of_seed(5)));
    EXPECT_NE(choices(of_seed(5)), choices(of_seed(6)));
}

TEST_F(Runs, GivenARange_WhenItChooses_ThenBothEndsAreReachedAndNeverPassed) {
    auto run = of_seed(1);
    std::array<int, 5> met{};
    for (int i = 0; i < 200; ++i) {
        const auto chosen = run.choose(2, 4);
        ASSERT_TRUE(chosen >= 2 && chosen <= 4);
        ++met[chosen];
    }

    EXPECT_GT(met[2], 0);
    EXPECT_GT(met[4], 0);
    EXPECT_EQ(run.choose_time(5ms, 5ms), 5ms);
}

TEST_F(Runs, GivenFaultsAndAnExpectationThatDoesNotHold_WhenTold_ThenTheTallyHasThem) {
    auto run = of_seed(1);

    run.fault("killed");
    run.expect(true, "it holds");
    run.expect(false, "it goes on");

    EXPECT_EQ(run.tally().faults, 1U);
    EXPECT_EQ(run.tally().broken, std::vector<std::string>{"it goes on"});
}

TEST_F(Runs, GivenAProgramThatIsBrokenOnPurpose_WhenHarmIsFound_ThenItIsInTheTallyAllTheSame) {
    TempDir parent;
    const Workspace workspace(parent.path());
    chaos::Run run(workspace, "no-sync", {.seed = 1, .finding = Finding::wanted});

    run.expect(false, "the audit is not clean");

    EXPECT_TRUE(run.harm_is_wanted());
    EXPECT_FALSE(run.tally().ok());
}

}  // namespace
}  // namespace orderflow::chaos
