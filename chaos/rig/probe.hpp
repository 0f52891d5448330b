// Probes: what this machine permits. A scenario that cannot run here says why, and is never taken for passed.
#pragma once

#include <stdexcept>
#include <string>

#include "chaos/rig/workspace.hpp"

namespace orderflow::chaos {

// A scenario throws it: "skipped: no loop devices".
class Skipped : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

// Each tries what it names, in a directory of the workspace, and throws Skipped with the reason when it does not work.
void need_loop_disks(const Workspace& workspace);     // root, loop devices, ext4, mkfs.ext4
void need_memory_disks(const Workspace& workspace);   // root, tmpfs
void need_syscall_faults();                           // strace may trace, and injects
void need_memory_groups(const Workspace& workspace);  // root, control groups (version 1) with a memory limit
// libfaketime; returns the path of the library.
std::string need_faked_clock();

}  // namespace orderflow::chaos
