#include "libs/base/system_clock.hpp"

#include <time.h>

namespace orderflow {

Instant SystemClock::now() const {
    timespec at{};
    ::clock_gettime(CLOCK_BOOTTIME, &at);
    return Instant(std::chrono::seconds(at.tv_sec) + std::chrono::nanoseconds(at.tv_nsec));
}

WallTime SystemClock::wall() const {
    timespec at{};
    ::clock_gettime(CLOCK_REALTIME, &at);
    return WallTime(std::chrono::milliseconds(at.tv_sec * 1000 + at.tv_nsec / 1'000'000));
}

}  // namespace orderflow
