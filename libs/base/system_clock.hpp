// The operating system's clocks. Only a composition root (main.cpp) and tests of real sockets create one.
#pragma once

#include "libs/base/clock.hpp"

namespace orderflow {

class SystemClock final : public Clock {
  public:
    Instant now() const override;
    WallTime wall() const override;
};

}  // namespace orderflow
