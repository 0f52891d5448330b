// Interruption: Ctrl-C and SIGTERM unwind the rig instead of ending it, so that every mount, loop device and process is
// taken away by the destructor that owns it.
#pragma once

#include <exception>

#include "libs/base/clock.hpp"

namespace orderflow::chaos {

class Interrupted : public std::exception {
  public:
    const char* what() const noexcept override { return "interrupted"; }
};

// From now on SIGINT, SIGTERM and SIGHUP are only noted. Once, at the start of main.
void note_stop_signals();

// Throws Interrupted when a stop was asked for.
void check_stop();

// Waits for `time`; throws Interrupted as soon as a stop is asked for.
void pause(BootClock::duration time);

}  // namespace orderflow::chaos
