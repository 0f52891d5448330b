#include "chaos/rig/syscall_fault.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "chaos/rig/interrupt.hpp"
#include "chaos/rig/probe.hpp"
#include "libs/base/system_clock.hpp"
#include "libs/base/thread_executor.hpp"
#include "libs/testing/temp_dir.hpp"

namespace orderflow::chaos {
namespace {

using testing::Contains;
using testing::Not;

class SyscallFaults : public testing::Test {
  protected:
    void SetUp() override {
        try {
            need_syscall_faults();
        } catch (const Skipped& why) {
            GTEST_SKIP() << why.what();
        }
    }

    // Five writes of one byte, each with a sync behind it, to `file`.
    Arguments five_synced_writes(const SyscallFault& fault) const {
        auto command = traced_from_the_start(fault);
        for (const auto* word : {"dd", "if=/dev/zero", "bs=1", "count=5", "oflag=dsync", "status=none"}) {
            command.emplace_back(word);
        }
        command.push_back("of=" + file_);
        return command;
    }
    std::size_t bytes_written() const { return read_file(file_).size(); }

    TempDir directory_;
    std::string file_ = directory_ / "file";
};

TEST(SyscallFault, GivenOneCall_WhenStraceIsAskedForIt_ThenOnlyThatOneIsHit) {
    const auto command = traced_from_the_start({"fdatasync", "signal=KILL", 3});

    EXPECT_THAT(command, Contains("trace=fdatasync"));
    EXPECT_THAT(command, Contains("inject=fdatasync:signal=KILL:when=3"));
}

TEST(SyscallFault, GivenAFaultThatStays_WhenStraceIsAskedForIt_ThenAllLaterCallsAreHitToo) {
    const auto command = traced_from_the_start({"fdatasync", "error=EIO", 3, true});

    EXPECT_THAT(command, Contains("inject=fdatasync:error=EIO:when=3+"));
}

// With it strace 6.1 sends no signal from the second call on, and every scenario would pass for nothing.
TEST(SyscallFault, GivenAnyFault_WhenStraceIsAskedForIt_ThenItFiltersNothingInTheKernel) {
    EXPECT_THAT(traced_from_the_start({"fdatasync", "signal=KILL", 3}), Not(Contains("--seccomp-bpf")));
}

TEST_F(SyscallFaults, GivenAProgramThatDiesAtItsThirdWrite_WhenItRuns_ThenTwoAreOnDiskAndItWasKilled) {
    const auto ran = run(five_synced_writes({"write", "signal=KILL", 3}));

    EXPECT_EQ(ran.code, -SIGKILL) << ran.output;
    EXPECT_EQ(bytes_written(), 2U);
}

TEST_F(SyscallFaults, GivenADiskThatFailsFromTheSecondWriteOn_WhenItIsUsed_ThenTheProgramSeesTheError) {
    const auto ran = run(five_synced_writes({"write", "error=EIO", 2, true}));

    EXPECT_EQ(ran.code, 1);
    EXPECT_EQ(bytes_written(), 1U);
}

TEST_F(SyscallFaults, GivenAProgramThatRuns_WhenAFaultIsAttachedAndTakenAway_ThenItIsHitOnlyInBetween) {
    const auto command = "while :; do sleep 0.01; done";
    Child child({"sh", "-c", command}, directory_.path() / "output");
    {
        const AttachedFault harmless(child.pid(), {"fdatasync", "error=EIO", 1}, false, directory_.path() / "log");
        EXPECT_TRUE(child.running());
    }
    EXPECT_TRUE(child.running());

    const AttachedFault deadly(child.pid(), {"wait4", "signal=KILL", 2}, false, directory_.path() / "log");

    EXPECT_EQ(child.status_within(10s), -SIGKILL);
}

TEST(ThreadNamed, GivenAThreadWithAName_WhenLookedFor_ThenItIsFoundAndAnotherNameIsNot) {
    const SystemClock clock;
    ThreadExecutor thread(clock, "rig-thread");

    // The thread names itself when it starts.
    while (!thread_named(::getpid(), "rig-thread")) pause(1ms);
    EXPECT_NE(thread_named(::getpid(), "rig-thread"), ::getpid());
    EXPECT_EQ(thread_named(::getpid(), "no-such-thread"), std::nullopt);
}

}  // namespace
}  // namespace orderflow::chaos
