// SyscallFault: the n-th time a thread of the server makes a system call, something happens to it (strace injection).
//
// strace counts the calls of each thread by itself. From the start of the program the first thread that gets so far is
// hit; attached to one thread, only that one.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>

#include "chaos/rig/child.hpp"

namespace orderflow::chaos {

struct SyscallFault {
    std::string call;    // "fdatasync", "pwrite64"
    std::string effect;  // "signal=KILL": the process dies when it enters the call; "error=EIO": the call fails
    int nth = 1;
    bool from_then_on = false;  // also every later one
};

// To be put before the program. The process id stays that of the program.
Arguments traced_from_the_start(const SyscallFault& fault);

// A fault in a server that runs. The destructor takes it away.
class AttachedFault {
  public:
    // To one thread, or with `whole_process` to all threads of the process. Returns when the tracer has it.
    AttachedFault(pid_t thread, const SyscallFault& fault, bool whole_process, const std::filesystem::path& log);
    ~AttachedFault();
    AttachedFault(const AttachedFault&) = delete;
    AttachedFault& operator=(const AttachedFault&) = delete;

  private:
    Child tracer_;
};

// The thread of a process with this name ("queue-journal"), if there is one.
std::optional<pid_t> thread_named(pid_t process, const std::string& name);

}  // namespace orderflow::chaos
