#include "chaos/rig/child.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include "libs/testing/temp_dir.hpp"

namespace orderflow::chaos {
namespace {

TEST(Child, GivenAProgram_WhenItEnds_ThenItsCodeAndOutputAreKnown) {
    const auto ran = run({"sh", "-c", "echo out; echo err >&2; exit 3"});

    EXPECT_EQ(ran.code, 3);
    EXPECT_EQ(ran.output, "out\nerr\n");
}

TEST(Child, GivenAProgramThatASignalEnds_WhenAsked_ThenItIsMinusTheSignal) {
    EXPECT_EQ(run({"sh", "-c", "kill -9 $$"}).code, -SIGKILL);
}

TEST(Child, GivenAProgramThatDoesNotEnd_WhenItIsDestroyed_ThenItIsGone) {
    const TempDir directory;
    pid_t pid = 0;
    {
        Child child({"sleep", "60"}, directory.path() / "output");
        pid = child.pid();
        EXPECT_TRUE(child.running());
        EXPECT_EQ(child.status_within(1ms), std::nullopt);
    }

    EXPECT_EQ(::kill(pid, 0), -1);
}

TEST(Child, GivenAProgramThatDoesNotEnd_WhenItIsRun_ThenThatIsAFailure) {
    EXPECT_THROW(run({"sleep", "60"}, 10ms), std::runtime_error);
}

TEST(Child, GivenACommandThatMustSucceed_WhenItFails_ThenWhatItSaidIsInTheFailure) {
    try {
        must_run({"sh", "-c", "echo no such disk; exit 1"});
        FAIL() << "it did not throw";
    } catch (const std::runtime_error& failed) {
        EXPECT_NE(std::string(failed.what()).find("no such disk"), std::string::npos);
    }
}

TEST(Child, GivenNoSuchProgram_WhenItIsRun_ThenTheCodeIsThatOfAShell) {
    EXPECT_EQ(run({"no-such-program-anywhere"}).code, 127);
}

}  // namespace
}  // namespace orderflow::chaos
