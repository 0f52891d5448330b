// IntakeObserver: what intake tells about itself, for metrics.
#pragma once

#include <cstddef>

#include "libs/base/clock.hpp"

namespace orderflow::orders {

// Called on the loops: with more than one, from several threads at once. No call may block or throw.
class IntakeObserver {
  public:
    virtual ~IntakeObserver() = default;
    // One send to the queue has ended, for better or worse.
    virtual void batch_sent(std::size_t /*entries*/, BootClock::duration /*took*/) {}
    // An entry goes to the queue once more.
    virtual void send_retried() {}
    // The store could not say in time whether it knows a key.
    virtual void lookup_skipped() {}
};

}  // namespace orderflow::orders
