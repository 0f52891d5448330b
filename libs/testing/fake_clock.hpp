// FakeClock: time that only moves when a test says so.
#pragma once

#include "libs/base/clock.hpp"

namespace orderflow {

class FakeClock final : public Clock {
  public:
    // 2026-01-01T00:00:00Z on the wall, one hour after boot.
    FakeClock() : now_(Instant(1h)), wall_(from_unix_ms(1'767'225'600'000)) {}

    Instant now() const override { return now_; }
    WallTime wall() const override { return wall_; }

    // Both clocks move.
    void advance(BootClock::duration by) {
        now_ += by;
        wall_ += std::chrono::duration_cast<std::chrono::milliseconds>(by);
    }
    // Only the wall clock jumps, as after a correction by NTP.
    void jump_wall(std::chrono::milliseconds by) { wall_ += by; }

  private:
    Instant now_;
    WallTime wall_;
};

}  // namespace orderflow
