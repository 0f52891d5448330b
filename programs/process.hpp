// What every program does around its work: reads its environment, waits for the signal to stop, says why it cannot
// start.
#pragma once

#include <signal.h>

#include <filesystem>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/error.hpp"
#include "libs/base/result.hpp"
#include "libs/base/settings.hpp"
#include "programs/fatal.hpp"

namespace orderflow {

Environment process_environment();

// SIGTERM and SIGINT, blocked in this thread and in all that it starts later, so that they reach wait() alone. Made
// before any thread. Writes to a closed connection and past the file size limit become errors instead of signals;
// SIGUSR1 and SIGUSR2 are ignored where nobody waits for them.
class StopSignals {
  public:
    StopSignals() : StopSignals({}) {}
    // `others` reach wait() too, in a program that has a use for them.
    explicit StopSignals(std::initializer_list<int> others);
    // Blocks. The signal that came.
    int wait() const;

  private:
    sigset_t signals_;
};

// The error, with the file that it is about in front of its detail.
std::unexpected<Error> fail_about(const Error& error, const std::filesystem::path& file);

// On stderr, for people. The exit code.
int report_settings(std::string_view program, const std::vector<std::string>& errors);
int report_start(std::string_view program, const Error& error);
int report_failure(std::string_view command, const Error& error);  // of a command, which starts nothing

// The end of a check that failed, when something asked may still not have answered, such as a name server: destructors
// would wait for it. Nothing is under way that the disk needs.
[[noreturn]] void end_at_once(int code) noexcept;

// Runs `body`; what it throws is reported as a bug or lack of memory.
int run_program(std::string_view program, const std::function<int()>& body);

}  // namespace orderflow
