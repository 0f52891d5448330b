// LoopWatch: whether an event loop still turns, judged from another thread by a counter that the loop raises. Pure.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "libs/base/clock.hpp"

namespace orderflow::worker {

class LoopWatch {
  public:
    // `every`: the pace of look(), and not faster than that of the counter. `limit`: a loop that is silent for longer
    // does not come back.
    LoopWatch(BootClock::duration every, BootClock::duration limit) : every_(every), limit_(limit) {}

    // Time in which the watcher did not look itself counts as two paces at most: a machine that slept or a process that
    // was stopped accuses nobody.
    void look(std::uint64_t beats, Instant now) {
        const bool still = looked_at_ && beats == beats_;
        silent_for_ = still ? silent_for_ + std::min(now - *looked_at_, 2 * every_) : BootClock::duration::zero();
        beats_ = beats;
        looked_at_ = now;
    }

    BootClock::duration silent_for() const noexcept { return silent_for_; }
    bool is_dead() const noexcept { return silent_for_ > limit_; }

  private:
    BootClock::duration every_;
    BootClock::duration limit_;
    std::optional<Instant> looked_at_;
    std::uint64_t beats_ = 0;
    BootClock::duration silent_for_{};
};

}  // namespace orderflow::worker
