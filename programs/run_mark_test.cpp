#include "programs/run_mark.hpp"

#include <gtest/gtest.h>

#include "libs/testing/temp_dir.hpp"

namespace orderflow {
namespace {

TEST(RunMark, GivenTheFirstRun_ThenNothingWasCutShort) {
    const TempDir directory;

    EXPECT_FALSE(RunMark(directory.path(), "orderflow").last_run_was_cut_short());
}

TEST(RunMark, GivenARunThatEnded_ThenTheNextIsNotTold) {
    const TempDir directory;
    RunMark(directory.path(), "orderflow").end();

    EXPECT_FALSE(RunMark(directory.path(), "orderflow").last_run_was_cut_short());
}

TEST(RunMark, GivenARunThatWasCutShort_ThenTheNextIsToldAndTheOneAfterIsNot) {
    const TempDir directory;
    {
        const RunMark cut_short(directory.path(), "orderflow");
    }

    RunMark next(directory.path(), "orderflow");
    EXPECT_TRUE(next.last_run_was_cut_short());
    next.end();

    EXPECT_FALSE(RunMark(directory.path(), "orderflow").last_run_was_cut_short());
}

TEST(RunMark, GivenTwoAtTheSameTime_ThenTheSecondHasNoMark) {
    const TempDir directory;
    RunMark first(directory.path(), "api-service");

    RunMark second(directory.path(), "api-service");
    EXPECT_FALSE(second.last_run_was_cut_short());
    second.end();
    first.end();

    EXPECT_FALSE(RunMark(directory.path(), "api-service").last_run_was_cut_short());
}

TEST(RunMark, GivenAnotherProgram_ThenItsRunsAreItsOwn) {
    const TempDir directory;
    {
        const RunMark cut_short(directory.path(), "worker-service");
    }

    EXPECT_FALSE(RunMark(directory.path(), "queue-service").last_run_was_cut_short());
}

}  // namespace
}  // namespace orderflow
