#include "libs/orders/application/intake/wait_estimate.hpp"

#include <algorithm>

namespace orderflow::orders {
namespace {

std::int64_t milliseconds(BootClock::duration time) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
}

// Beyond, no number of a queue is believed; products of it with times stay within 64 bits.
constexpr std::uint64_t messages_max = 1'000'000'000;
// What is being sent is counted here and by the queue at moments that are not the same. Of a flood so small a part may
// seem to have left though no worker works.
constexpr std::uint64_t sends_per_stray = 32;
std::int64_t messages(std::uint64_t count) { return static_cast<std::int64_t>(std::min(count, messages_max)); }

}  // namespace

void WaitEstimate::look(std::uint64_t depth, std::uint64_t sent, Instant now) {
    if (!last_ || now - last_->at > silence_max) {
        last_ = Look{depth, sent, now};
        left_at_ = now;
        forget();
        return;
    }
    const auto before = *last_;
    if (now - before.at < looks_apart) return;
    last_ = Look{depth, sent, now};
    // Others may have sent too: then less has left than it seems, down to nothing.
    const auto sent_since = sent - before.sent;
    const auto there = before.depth + sent_since;
    const auto gone = there - std::min(depth, there);
    const auto left = gone > sent_since / sends_per_stray ? messages(gone) : 0;
    if (left > 0) left_at_ = now;
    const auto time = milliseconds(now - before.at);
    const auto measured = left * 1'000'000 / time;
    const auto known = thousandths_per_second_.value_or(measured);
    const auto rate = known + (measured - known) * time / (time + milliseconds(smoothing));
    const bool busy = messages(std::min(depth, before.depth)) * 1'000'000 > rate * milliseconds(wait_known_from);
    if (rate > 0 && busy && now - left_at_ < silence_max) {
        thousandths_per_second_ = rate;
    } else {
        forget();
    }
}

std::optional<BootClock::duration> WaitEstimate::wait(std::uint64_t depth) const {
    if (!thousandths_per_second_) return std::nullopt;
    return std::min<BootClock::duration>(
        std::chrono::milliseconds(messages(depth) * 1'000'000 / *thousandths_per_second_), longest_wait);
}

}  // namespace orderflow::orders
