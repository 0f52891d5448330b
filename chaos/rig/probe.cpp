#include "chaos/rig/probe.hpp"

#include <unistd.h>

#include <filesystem>

#include "chaos/rig/child.hpp"
#include "chaos/rig/disk.hpp"
#include "chaos/rig/memory_group.hpp"

namespace orderflow::chaos {
namespace {

bool there_is(const char* program) { return run({"sh", "-c", std::string("command -v ") + program}).code == 0; }

template <class Try>
void try_it(const char* what, Try attempt) {
    try {
        attempt();
    } catch (const std::runtime_error& failed) {
        throw Skipped(std::string(what) + " (" + failed.what() + ")");
    }
}

}  // namespace

void need_loop_disks(const Workspace& workspace) {
    if (::geteuid() != 0) throw Skipped("not root: no file system can be mounted");
    if (!std::filesystem::exists("/dev/loop-control")) throw Skipped("no loop devices");
    if (!there_is("mkfs.ext4")) throw Skipped("no mkfs.ext4 (package e2fsprogs)");
    try_it("no ext4 on a loop device", [&] {
        LoopDisk disk(workspace.path(), "probe", 16);
        disk.cut_power();
        disk.remount();
    });
}

void need_memory_disks(const Workspace& workspace) {
    if (::geteuid() != 0) throw Skipped("not root: no file system can be mounted");
    try_it("no tmpfs", [&] { const MemoryDisk disk(workspace.path(), "probe", 1); });
}

void need_syscall_faults() {
    if (!there_is("strace")) throw Skipped("no strace");
    const auto traced = run({"strace", "-qq", "-o", "/dev/null", "-e", "inject=fsync:error=EIO", "true"});
    if (traced.code != 0) throw Skipped("strace may not trace here: " + traced.output);
}

void need_memory_groups(const Workspace& workspace) {
    if (::geteuid() != 0) throw Skipped("not root: no memory limit for a group of processes");
    try_it("no memory control groups", [&] { const MemoryGroup group(workspace.path().filename(), 64); });
}

std::string need_faked_clock() {
    for (const auto* folder : {"/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib"}) {
        const auto library = std::filesystem::path(folder) / "faketime" / "libfaketimeMT.so.1";
        if (std::filesystem::exists(library)) return library.string();
    }
    throw Skipped("no libfaketime (package libfaketime)");
}

}  // namespace orderflow::chaos
