// What the scenarios rest on: a power cut takes what was not synced and leaves what was.
#include "chaos/rig/disk.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <string_view>

#include "chaos/rig/child.hpp"
#include "chaos/rig/probe.hpp"
#include "libs/testing/temp_dir.hpp"

namespace orderflow::chaos {
namespace {

class Disks : public testing::Test {
  protected:
    void need(void (*probe)(const Workspace&)) {
        try {
            probe(workspace_);
        } catch (const Skipped& why) {
            GTEST_SKIP() << why.what();
        }
    }

    TempDir parent_;
    Workspace workspace_{parent_.path()};
};

void write_file(const std::filesystem::path& file, std::string_view text, bool synced) {
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    ASSERT_GE(fd, 0);
    EXPECT_EQ(::write(fd, text.data(), text.size()), static_cast<ssize_t>(text.size()));
    if (synced) EXPECT_EQ(::fsync(fd), 0);
    ::close(fd);
}

std::string mounts() { return read_file("/proc/self/mounts"); }

TEST_F(Disks, GivenSyncedAndUnsyncedBytes_WhenThePowerIsCut_ThenTheSyncedOnesAreThereAndTheOthersAreNot) {
    need(need_loop_disks);
    if (IsSkipped()) return;
    LoopDisk disk(workspace_.path(), "disk", 16);
    write_file(disk.path() / "synced", "kept", true);
    write_file(disk.path() / "synced", " lost", false);

    disk.cut_power();
    disk.remount();

    EXPECT_EQ(read_file(disk.path() / "synced"), "kept");
}

TEST_F(Disks, GivenAPowerCut_WhenAProgramWrites_ThenTheDiskFails) {
    need(need_loop_disks);
    if (IsSkipped()) return;
    LoopDisk disk(workspace_.path(), "disk", 16);

    disk.cut_power();

    EXPECT_LT(::open((disk.path() / "new").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600), 0);
    EXPECT_EQ(errno, EIO);
}

TEST_F(Disks, GivenALoopDisk_WhenItIsDestroyed_ThenNothingIsMounted) {
    need(need_loop_disks);
    if (IsSkipped()) return;
    {
        const LoopDisk disk(workspace_.path(), "disk", 16);
    }

    EXPECT_EQ(mounts().find(workspace_.path().string()), std::string::npos);
}

TEST_F(Disks, GivenASmallDisk_WhenItIsFilledUp_ThenNotAByteIsLeftUntilTheFillerGoes) {
    need(need_memory_disks);
    if (IsSkipped()) return;
    const MemoryDisk disk(workspace_.path(), "disk", 1);

    fill_up(disk.path() / "filler");

    const std::string page(4096, 'x');
    std::ofstream full(disk.path() / "new");
    full << page << std::flush;
    EXPECT_FALSE(full.good());
    std::filesystem::remove(disk.path() / "filler");
    std::ofstream free(disk.path() / "other");
    free << page << std::flush;
    EXPECT_TRUE(free.good());
}

}  // namespace
}  // namespace orderflow::chaos
