#include "libs/observe/span_queue.hpp"

#include <algorithm>
#include <exception>
#include <iterator>
#include <utility>

namespace orderflow::observe {

void SpanQueue::when_waiting(std::size_t spans, std::function<void()> enough) {
    wake_at_ = spans;
    enough_ = std::move(enough);
}

void SpanQueue::take(SpanRecord span) noexcept {
    try {
        bool wake = false;
        {
            const std::lock_guard lock(mutex_);
            if (spans_.size() >= spans_max_) {
                dropped_.add();
                return;
            }
            spans_.push_back(std::move(span));
            wake = enough_ && spans_.size() >= wake_at_ && !std::exchange(told_, true);
        }
        if (wake) enough_();
    } catch (const std::exception&) {  // lack of memory: the work that the span tells of goes on
        dropped_.add();
    }
}

std::vector<SpanRecord> SpanQueue::draw(std::size_t spans_max) {
    const std::lock_guard lock(mutex_);
    told_ = false;
    const auto end = spans_.begin() + static_cast<std::ptrdiff_t>(std::min(spans_max, spans_.size()));
    std::vector<SpanRecord> drawn(std::move_iterator(spans_.begin()), std::move_iterator(end));
    spans_.erase(spans_.begin(), end);
    return drawn;
}

std::size_t SpanQueue::size() const {
    const std::lock_guard lock(mutex_);
    return spans_.size();
}

}  // namespace orderflow::observe
