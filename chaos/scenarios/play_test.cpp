#include "chaos/scenarios/play.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "chaos/rig/interrupt.hpp"
#include "chaos/rig/probe.hpp"
#include "libs/testing/temp_dir.hpp"

namespace orderflow::chaos {
namespace {

class Plays : public testing::Test {
  protected:
    const Workspace& workspace() const { return workspace_; }
    Tally played(void (*run)(chaos::Run&)) { return play({"made-up", "for a test", 1, run}, workspace_, {.seed = 1}); }

  private:
    TempDir parent_;
    Workspace workspace_{parent_.path()};
};

TEST_F(Plays, GivenAMachineThatDoesNotPermitIt_WhenPlayed_ThenItIsSkippedWithTheReason) {
    const auto tally = played([](chaos::Run&) { throw Skipped("no loop devices"); });

    EXPECT_EQ(tally.skipped, "no loop devices");
    EXPECT_FALSE(passed({tally}, true));
}

TEST_F(Plays, GivenARigThatFails_WhenPlayed_ThenTheScenarioHasFailed) {
    const auto tally = played([](chaos::Run&) { throw std::runtime_error("it does not come up"); });

    EXPECT_EQ(tally.broken, std::vector<std::string>{"it does not come up"});
    EXPECT_FALSE(tally.ok());
}

TEST_F(Plays, GivenAnInterruption_WhenPlayed_ThenItPassesThrough) {
    EXPECT_THROW(played([](chaos::Run&) { throw Interrupted(); }), Interrupted);
}

TEST(Scenarios, GivenTheList_WhenRead_ThenEachHasANameOfItsOwnAndSomethingToDo) {
    std::set<std::string_view> names;
    for (const auto& scenario : scenarios()) {
        EXPECT_TRUE(names.insert(scenario.name).second) << scenario.name;
        EXPECT_GT(scenario.rounds, 0U) << scenario.name;
        EXPECT_NE(scenario.run, nullptr) << scenario.name;
    }
    EXPECT_TRUE(names.contains("kills"));
    EXPECT_TRUE(names.contains("power-cuts"));
}

TEST(Scenarios, GivenADeployment_WhenChosen_ThenOnlyWhatCanBreakItFits) {
    const auto fit = [](std::string_view name, Deployment deployment) {
        return fits(*std::ranges::find(scenarios(), name, &Scenario::name), deployment);
    };
    EXPECT_TRUE(fit("kills", Deployment::one_program));
    EXPECT_TRUE(fit("kills", Deployment::services));
    EXPECT_TRUE(fit("power-cuts", Deployment::one_program));
    EXPECT_FALSE(fit("power-cuts", Deployment::services));
    EXPECT_FALSE(fit("network", Deployment::one_program));
    EXPECT_TRUE(fit("network", Deployment::services));
}

TEST(Scenarios, GivenAStore_WhenChosen_ThenOnlyWhatCanBreakItFits) {
    const auto fit = [](std::string_view name, Store store) {
        return fits(*std::ranges::find(scenarios(), name, &Scenario::name), store);
    };
    EXPECT_TRUE(fit("kills", Store::sqlite));
    EXPECT_TRUE(fit("kills", Store::postgres));
    EXPECT_TRUE(fit("disk-errors", Store::sqlite));
    EXPECT_FALSE(fit("disk-errors", Store::postgres));
    EXPECT_FALSE(fit("failovers", Store::sqlite));
    EXPECT_TRUE(fit("failovers", Store::postgres));
}

TEST(Scenarios, GivenContainers_WhenChosen_ThenOnlyWhatIsPlayedWithThemFits) {
    const auto fit = [](std::string_view name, const std::optional<Images>& images) {
        return fits(*std::ranges::find(scenarios(), name, &Scenario::name), images);
    };
    const Images one_release;
    const Images two_releases{.current = "latest", .before = "before"};
    EXPECT_TRUE(fit("kills", std::nullopt));
    EXPECT_TRUE(fit("kills", one_release));
    EXPECT_TRUE(fit("disk-errors", std::nullopt));
    EXPECT_FALSE(fit("disk-errors", one_release));
    EXPECT_FALSE(fit("releases", std::nullopt));
    EXPECT_FALSE(fit("releases", one_release));
    EXPECT_TRUE(fit("releases", two_releases));
}

TEST_F(Plays, GivenImagesThatAreNotThere_WhenPlayed_ThenItIsSkippedWithTheReason) {
    const auto tally = play({"made-up", "for a test", 1, [](chaos::Run&) { FAIL() << "played without images"; }},
                            workspace(), {.seed = 1, .images = Images{.current = "no-such-tag", .before = {}}});

    EXPECT_FALSE(tally.skipped.empty());
}

}  // namespace
}  // namespace orderflow::chaos
