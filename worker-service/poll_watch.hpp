// Whether a receive loop still comes round. Pure.
#pragma once

#include "libs/base/clock.hpp"

namespace orderflow::worker {

// What one receive loop does just now.
struct PollState {
    bool asking = false;  // a receive is outstanding; else it waits for room or for its next try, as long as it must
    Instant since{};      // of the receive
};

// A receive has been outstanding for longer than one may take, answer or error: nothing will come of it.
constexpr bool is_stalled(const PollState& poll, Instant now, BootClock::duration limit) {
    return poll.asking && now - poll.since > limit;
}

}  // namespace orderflow::worker
