#include "chaos/rig/process_facts.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <vector>

#include "libs/base/system_clock.hpp"

namespace orderflow::chaos {
namespace {

constexpr pid_t nobody = 0x7ffffff0;

TEST(ProcessFacts, GivenOneMoreDescriptor_WhenCounted_ThenItIsOneMore) {
    const auto before = open_descriptors(::getpid());
    const int fd = ::open("/dev/null", O_RDONLY | O_CLOEXEC);

    EXPECT_EQ(open_descriptors(::getpid()), before + 1);
    ::close(fd);
}

TEST(ProcessFacts, GivenWork_WhenItsTimeIsRead_ThenItHasGrownByNoMoreThanTheTimeThatPassed) {
    const SystemClock clock;
    const auto from = clock.now();
    const auto before = cpu_time(::getpid());
    volatile std::uint64_t work = 0;
    while (cpu_time(::getpid()) == before && clock.now() < from + 10s) work = work + 1;

    const auto used = cpu_time(::getpid()) - before;
    EXPECT_GT(used.count(), 0);
    EXPECT_LT(used, clock.now() - from + 20ms);  // counted in ticks of 10 ms
}

TEST(ProcessFacts, GivenAProcessThatRuns_ThenItIsNotStopped) { EXPECT_FALSE(is_stopped(::getpid())); }

TEST(ProcessFacts, GivenAProcessThatRuns_ThenItIsNotFrozen_AndOneThatIsGoneIs) {
    EXPECT_FALSE(is_frozen(::getpid()));
    EXPECT_TRUE(is_frozen(nobody));
}

TEST(ProcessFacts, GivenThisProcess_WhenItsMemoryIsRead_ThenThereIsSome) {
    EXPECT_GT(writable_memory(::getpid()), 4096U);
}

TEST(ProcessFacts, GivenAProcessThatIsGone_WhenAsked_ThenThatIsAFailure) {
    EXPECT_THROW(open_descriptors(nobody), std::runtime_error);
    EXPECT_THROW(cpu_time(nobody), std::runtime_error);
    EXPECT_THROW(writable_memory(nobody), std::runtime_error);
}

}  // namespace
}  // namespace orderflow::chaos
