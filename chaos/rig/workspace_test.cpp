#include "chaos/rig/workspace.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <fstream>

#include "chaos/rig/child.hpp"
#include "chaos/rig/disk.hpp"
#include "chaos/rig/probe.hpp"
#include "libs/testing/temp_dir.hpp"

namespace orderflow::chaos {
namespace {

// What a run leaves that was killed: a directory whose lock nobody holds.
std::filesystem::path left_in(const TempDir& parent, const std::string& name) {
    const auto directory = parent.path() / (std::string(workspace_prefix) + name + std::to_string(::getpid()));
    std::filesystem::create_directories(directory / "kills");
    std::ofstream(directory / "kills" / "orders.db") << "data";
    return directory;
}

TEST(Workspace, GivenAWorkspace_WhenItIsDestroyed_ThenNothingIsLeftOfIt) {
    const TempDir parent;
    std::filesystem::path path;
    {
        const Workspace workspace(parent.path());
        path = workspace.directory("kills");
        EXPECT_TRUE(std::filesystem::is_directory(path));
    }

    EXPECT_TRUE(std::filesystem::is_empty(parent.path()));
}

TEST(Leftovers, GivenTheDirectoryOfARunThatIsGone_WhenTheNextBegins_ThenItIsRemoved) {
    const TempDir parent;
    const auto left = left_in(parent, "gone");

    const Workspace next(parent.path());

    EXPECT_FALSE(std::filesystem::exists(left));
}

TEST(Leftovers, GivenARunThatIsAtWork_WhenAnotherBegins_ThenItsDirectoryStays) {
    const TempDir parent;
    const Workspace first(parent.path());

    const Workspace second(parent.path());

    EXPECT_TRUE(std::filesystem::is_directory(first.path()));
    EXPECT_NE(first.path(), second.path());
}

TEST(Leftovers, GivenWhatIsNotOfTheRig_WhenARunBegins_ThenItStays) {
    const TempDir parent;
    const auto other = parent.path() / "orderflow-data";
    std::filesystem::create_directories(other);

    const Workspace next(parent.path());

    EXPECT_TRUE(std::filesystem::is_directory(other));
}

TEST(Leftovers, GivenAProcessOfARunThatIsGone_WhenTheNextBegins_ThenThatOneIsEndedAndNoOther) {
    const TempDir parent;
    const auto left = left_in(parent, "process");
    const auto names_it = "sleep 60 # " + (left / "data").string();
    Child of_the_rig({"sh", "-c", names_it + "; true"}, parent.path() / "output");
    Child other({"sleep", "60"}, parent.path() / "output");

    const Workspace next(parent.path());

    EXPECT_EQ(of_the_rig.status_within(5s), -SIGKILL);
    EXPECT_TRUE(other.running());
}

TEST(Leftovers, GivenAMountOfARunThatIsGone_WhenTheNextBegins_ThenItIsUnmounted) {
    const TempDir parent;
    try {
        need_memory_disks(Workspace(parent.path()));
    } catch (const Skipped& why) {
        GTEST_SKIP() << why.what();
    }
    const auto left = left_in(parent, "mount");
    const MemoryDisk disk(left, "disk", 1);

    const Workspace next(parent.path());

    EXPECT_EQ(read_file("/proc/self/mounts").find(left.string()), std::string::npos);
    EXPECT_FALSE(std::filesystem::exists(left));
}

}  // namespace
}  // namespace orderflow::chaos
