// Goal: who is silent is gone, and limits are shared by those who are there, never on the word of nobody.
#include "libs/instances/liveness.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "libs/instances/instance_samples_test.hpp"

namespace orderflow::instances {
namespace {

using samples::at;

TEST(Liveness, GivenSilence_ThenGoneAfterThirtySeconds) {
    const auto row = samples::api("a", at(100s));

    EXPECT_EQ(life_of(row, at(100s)), Life::live);
    EXPECT_EQ(life_of(row, at(129'999ms)), Life::live);
    EXPECT_EQ(life_of(row, at(130s)), Life::gone);
}

TEST(Liveness, GivenALastRow_ThenStoppedAtOnceAndForEver) {
    auto row = samples::api("a", at(100s));
    row.last = true;

    EXPECT_EQ(life_of(row, at(101s)), Life::stopped);
    EXPECT_EQ(life_of(row, at(1h)), Life::stopped);
}

TEST(Liveness, GivenAClockThatIsAhead_ThenLive) {
    EXPECT_EQ(life_of(samples::api("a", at(100s)), at(95s)), Life::live);
}

TEST(LiveApis, GivenNoRows_ThenUnknown) { EXPECT_EQ(live_apis({}, at(100s)), std::nullopt); }

TEST(LiveApis, GivenNoLiveWorker_ThenTheSilenceOfTheApisSaysNothing) {
    const std::vector rows{samples::api("a", at(10s)), samples::api("b", at(10s)), samples::worker("w", at(10s))};

    EXPECT_EQ(live_apis(rows, at(100s)), std::nullopt);
}

TEST(LiveApis, GivenSomeThatAreGone_ThenThoseWhoLiveAreCounted) {
    auto stopped = samples::api("d", at(99s));
    stopped.last = true;
    const std::vector rows{samples::api("a", at(99s)), samples::api("b", at(95s)), samples::api("c", at(60s)), stopped,
                           samples::worker("w", at(98s))};

    EXPECT_EQ(live_apis(rows, at(100s)), 2);
}

TEST(LiveApis, GivenWorkersOnly_ThenTheOneThatAsksIsThere) {
    EXPECT_EQ(live_apis(std::vector{samples::worker("w", at(98s))}, at(100s)), 1);
}

TEST(LiveApis, GivenAProgramThatIsAll_ThenItIsAnApiToo) {
    EXPECT_EQ(live_apis(std::vector{samples::row("o", Role::all, at(98s))}, at(100s)), 1);
}

}  // namespace
}  // namespace orderflow::instances
