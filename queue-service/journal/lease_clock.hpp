// LeaseClock: how instants of this process are written into the journal and read back.
//
// Instants have no meaning in another process or after a reboot, so the journal holds calendar times. They are derived
// from one pair of both clocks taken at the start: within a process a jump of the wall clock moves no lease.
#pragma once

#include <algorithm>

#include "queue-service/engine/message.hpp"

namespace orderflow::queue {

class LeaseClock {
  public:
    LeaseClock(Instant instant, WallTime wall) : instant_(instant), wall_(wall) {}

    // Rounded up: a lease never ends early because it was written down.
    WallTime to_wall(Instant at) const { return wall_ + std::chrono::ceil<std::chrono::milliseconds>(at - instant_); }

    // What is left of a time-out, counted from `now`: never more than the time-out itself, whatever the wall clock did
    // between two processes.
    Instant deadline(WallTime written, std::chrono::seconds timeout, Instant now) const {
        const auto rest = std::clamp<std::chrono::milliseconds>(written - to_wall(now), std::chrono::milliseconds(0),
                                                                std::chrono::milliseconds(timeout));
        return now + rest;
    }
    // The past: never after `now`.
    Instant past(WallTime written, Instant now) const {
        return now - std::max(to_wall(now) - written, std::chrono::milliseconds(0));
    }

  private:
    Instant instant_;
    WallTime wall_;
};

}  // namespace orderflow::queue
