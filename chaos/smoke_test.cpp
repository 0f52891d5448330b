// The real program, broken for a minute with every `./dev test`; ./dev chaos does it for long. The seed is printed;
// ORDERFLOW_CHAOS_SEED repeats the choices of the rig.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <string>

#include "chaos/scenarios/play.hpp"

namespace orderflow::chaos {
namespace {

std::uint64_t seed() {
    const char* const given = std::getenv("ORDERFLOW_CHAOS_SEED");
    return given == nullptr ? std::random_device{}() : std::stoull(given);
}

const Scenario& named(std::string_view name) {
    const auto all = scenarios();
    const auto found = std::ranges::find(all, name, &Scenario::name);
    if (found == all.end()) throw std::runtime_error("no scenario " + std::string(name));
    return *found;
}

// What the machine does not permit is skipped, which CI counts as a failure.
void expect_nothing_lost_or_doubled(std::string_view scenario, RunPlan plan) {
    plan.seed = seed();
    std::printf("ORDERFLOW_CHAOS_SEED=%llu\n", static_cast<unsigned long long>(plan.seed));
    const Workspace workspace;
    const auto tally = play(named(scenario), workspace, plan);
    if (!tally.skipped.empty()) GTEST_SKIP() << tally.skipped;
    EXPECT_TRUE(tally.ok()) << table({tally});
    EXPECT_EQ(tally.faults, plan.rounds);
    EXPECT_GT(tally.settled, 0U) << "an audit of nothing";
}

TEST(ChaosSmoke, GivenKill9AtRandomMoments_WhenAudited_ThenNothingIsLostAndNothingDoubled) {
    expect_nothing_lost_or_doubled("kills", {.rounds = 6});
}

TEST(ChaosSmoke, GivenPowerCutsOnARealFileSystem_WhenAudited_ThenNothingIsLostAndNothingDoubled) {
    expect_nothing_lost_or_doubled("power-cuts", {.rounds = 6});
}

TEST(ChaosSmoke, GivenSyncsAndWritesThatFail_WhenAudited_ThenItSaidWhyAndEndedAndNothingIsLost) {
    expect_nothing_lost_or_doubled("disk-errors", {.rounds = 3});
}

// What a killed worker held comes again after a minute: these do not wait for it.
constexpr RunPlan three_processes(std::uint64_t rounds) {
    return {.rounds = rounds, .deployment = Deployment::services, .ending = Ending::as_it_stands};
}

TEST(ServicesChaosSmoke, GivenKill9OfEachServiceInTurn_WhenAudited_ThenNothingIsLostAndNothingDoubled) {
    expect_nothing_lost_or_doubled("kills", three_processes(6));
}

TEST(ServicesChaosSmoke, GivenABrokenNetworkToTheQueue_WhenAudited_ThenNothingIsLostAndNothingDoubled) {
    expect_nothing_lost_or_doubled("network", three_processes(2));
}

// Two workers and two APIs on one PostgreSQL.
constexpr RunPlan on_postgres(std::uint64_t rounds) {
    auto plan = three_processes(rounds);
    plan.store = Store::postgres;
    return plan;
}

TEST(PostgresChaosSmoke, GivenKill9OfEachServiceInTurn_WhenAudited_ThenNothingIsLostAndNothingDoubled) {
    expect_nothing_lost_or_doubled("kills", on_postgres(5));
}

TEST(PostgresChaosSmoke, GivenADatabaseThatIsKilledRestartedAndEndsSessions_WhenAudited_ThenNothingIsLostOrDoubled) {
    expect_nothing_lost_or_doubled("database", on_postgres(3));
}

TEST(PostgresChaosSmoke, GivenAFailoverToTheStandby_WhenAudited_ThenNothingIsLostAndNothingDoubled) {
    expect_nothing_lost_or_doubled("failovers", on_postgres(1));
}

}  // namespace
}  // namespace orderflow::chaos
