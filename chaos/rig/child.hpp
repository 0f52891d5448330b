// Child: a program beside the server (load generator, audit, mkfs, strace) in a process group of its own.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "libs/base/clock.hpp"

namespace orderflow::chaos {

using Arguments = std::vector<std::string>;

class Child {
  public:
    // Starts `arguments[0]` from PATH with stdout and stderr in `output`. It is killed when the rig ends, however that
    // happens. Throws std::runtime_error when it cannot be started.
    Child(const Arguments& arguments, const std::filesystem::path& output);
    ~Child();  // kills it
    Child(Child&& other) noexcept;
    Child& operator=(Child&&) = delete;
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    pid_t pid() const { return pid_; }
    bool running() { return !status_within(BootClock::duration::zero()); }
    void signal(int number);

    // The exit code, or minus the signal number; nothing when it still runs after `time`. Interrupted passes through.
    std::optional<int> status_within(BootClock::duration time);

  private:
    pid_t pid_;
    std::optional<int> status_;
};

struct Ran {
    int code;            // exit code, or minus the signal number
    std::string output;  // stdout and stderr
};

// Runs a command to its end; throws std::runtime_error when it takes longer than `at_most`.
Ran run(const Arguments& arguments, BootClock::duration at_most = 60s);

// The same for a command that must succeed: throws with what it said.
void must_run(const Arguments& arguments);

std::string read_file(const std::filesystem::path& path);

}  // namespace orderflow::chaos
