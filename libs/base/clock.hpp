// Time is a parameter. Logic takes an Instant or a WallTime as an argument, or holds a Clock&; it never reads a clock
// of the system (tools/tidy refuses the calls).
#pragma once

#include <chrono>
#include <cstdint>

namespace orderflow {

using namespace std::chrono_literals;  // NOLINT: durations are written 30s, 500ms everywhere

// A clock that never jumps and goes on counting while the machine sleeps (CLOCK_BOOTTIME): leases, time-outs.
struct BootClock {
    using duration = std::chrono::nanoseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<BootClock>;
    static constexpr bool is_steady = true;
};
using Instant = BootClock::time_point;

// Calendar time in milliseconds since 1970 (UTC), only for timestamps, retention and signatures.
using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;

class Clock {
  public:
    virtual ~Clock() = default;
    // Never decreases. Any thread.
    virtual Instant now() const = 0;
    // May jump in both directions. Any thread.
    virtual WallTime wall() const = 0;
};

inline std::int64_t to_unix_ms(WallTime at) noexcept { return at.time_since_epoch().count(); }
inline WallTime from_unix_ms(std::int64_t ms) noexcept { return WallTime(std::chrono::milliseconds(ms)); }

}  // namespace orderflow
