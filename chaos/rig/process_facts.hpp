// What the kernel says about a process of the rig.
#pragma once

#include <sys/types.h>

#include <cstdint>

#include "libs/base/clock.hpp"

namespace orderflow::chaos {

// Throw std::runtime_error when the process is gone.
std::uint64_t open_descriptors(pid_t process);
BootClock::duration cpu_time(pid_t process);  // user and system, of all threads
bool is_stopped(pid_t process);               // by SIGSTOP
// No thread runs in user space any more, after SIGSTOP: each has stopped, or waits for the disk inside a system call
// and stops when that returns. So it is with a process that has ended.
bool is_frozen(pid_t process);
std::uint64_t writable_memory(pid_t process);  // bytes, as RLIMIT_DATA counts them

}  // namespace orderflow::chaos
