// SpanQueue: finished spans on their way to whoever sends them. Bounded: what does not fit is counted and dropped, so
// that a collector that is slow or away costs a fixed amount of memory and no order waits for it.
#pragma once

#include <atomic>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <vector>

#include "libs/observe/metrics.hpp"
#include "libs/observe/span.hpp"

namespace orderflow::observe {

// Any thread.
class SpanQueue final : public SpanSink {
  public:
    // `dropped` outlives it.
    SpanQueue(std::size_t spans_max, Counter& dropped) : spans_max_(spans_max), dropped_(dropped) {}

    // `enough` is called once when so many wait, on the thread of the span; again after a draw(). Before the first
    // take().
    void when_waiting(std::size_t spans, std::function<void()> enough);

    void take(SpanRecord span) noexcept override;
    // The oldest, at most so many.
    std::vector<SpanRecord> draw(std::size_t spans_max);
    std::size_t size() const;

  private:
    const std::size_t spans_max_;
    Counter& dropped_;
    mutable std::mutex mutex_;
    std::deque<SpanRecord> spans_;
    std::size_t wake_at_ = 0;
    std::function<void()> enough_;
    bool told_ = false;
};

}  // namespace orderflow::observe
