#include "chaos/rig/interrupt.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <stdexcept>

#include "chaos/rig/child.hpp"
#include "libs/testing/temp_dir.hpp"

namespace orderflow::chaos {
namespace {

constexpr int unwound = 7;

// A stop stays asked for until the process ends, so each test has a process that shares nothing with the others.
class Interrupt : public testing::Test {
  protected:
    void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

void stop_in_the_middle(int signal, void (*wait)()) {
    note_stop_signals();
    ::raise(signal);
    try {
        wait();
    } catch (const Interrupted&) {
        ::_exit(unwound);
    }
}

TEST_F(Interrupt, GivenAStopSignal_WhenTheRigPauses_ThenItUnwindsAtOnce) {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        EXPECT_EXIT(stop_in_the_middle(signal, [] { pause(1h); }), testing::ExitedWithCode(unwound), "");
    }
}

TEST_F(Interrupt, GivenAStopSignal_WhenTheRigWaitsForAProgram_ThenItUnwinds) {
    EXPECT_EXIT(stop_in_the_middle(SIGINT, [] { run({"sleep", "60"}); }), testing::ExitedWithCode(unwound), "");
}

void stop_a_child_before_it_is_its_program() {
    note_stop_signals();
    const TempDir directory;
    for (int i = 0; i < 20; ++i) {
        Child child({"sleep", "60"}, directory.path() / "output");
        child.signal(SIGTERM);
        if (child.status_within(10s) != -SIGTERM) ::_exit(1);
    }
    check_stop();
    ::_exit(unwound);
}

TEST_F(Interrupt, GivenAStopSignalToAChild_WhenItIsNotItsProgramYet_ThenTheChildEndsAndTheRigGoesOn) {
    EXPECT_EXIT(stop_a_child_before_it_is_its_program(), testing::ExitedWithCode(unwound), "");
}

TEST_F(Interrupt, GivenNoStopSignal_WhenTheRigPauses_ThenItGoesOn) {
    EXPECT_NO_THROW(pause(1ms));
    EXPECT_NO_THROW(check_stop());
}

}  // namespace
}  // namespace orderflow::chaos
