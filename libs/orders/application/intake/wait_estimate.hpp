// WaitEstimate: how long an order that is sent now waits for its worker, from what the queue says of its depth.
#pragma once

#include <cstdint>
#include <optional>

#include "libs/base/clock.hpp"

namespace orderflow::orders {

// Pure: time is an argument. What left the queue between two looks is what was there, and what was sent since, less
// what is there now; that over the time is the rate, smoothed. It says what the workers can do only while they have
// more to do than they can: of a queue that is nearly empty it is the rate of arrival. So it is not known
// - before a backlog has lasted for `wait_known_from` at its own rate,
// - and when nothing has left for `silence_max`: workers that are paused or down, of which nobody knows for how long.
class WaitEstimate {
  public:
    static constexpr BootClock::duration looks_apart = 1s;  // at least; looks in between are passed over
    static constexpr BootClock::duration smoothing = 20s;   // after so long of looks an old rate counts for a third
    static constexpr BootClock::duration wait_known_from = 5s;
    static constexpr BootClock::duration longest_wait = 24h;
    static constexpr BootClock::duration silence_max = 60s;  // without a look or without progress

    // `sent`: all messages that were sent to the queue so far, as far as is known; never falls.
    void look(std::uint64_t depth, std::uint64_t sent, Instant now);

    // Of a message behind `depth` others. Nothing: not known.
    std::optional<BootClock::duration> wait(std::uint64_t depth) const;

  private:
    struct Look {
        std::uint64_t depth;
        std::uint64_t sent;
        Instant at;
    };
    void forget() { thousandths_per_second_.reset(); }

    std::optional<Look> last_;
    std::optional<std::int64_t> thousandths_per_second_;
    Instant left_at_{};  // when something had left last
};

}  // namespace orderflow::orders
