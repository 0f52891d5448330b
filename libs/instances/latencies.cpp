#include "libs/instances/latencies.hpp"

#include <algorithm>
#include <numeric>

namespace orderflow::instances {

void Latencies::add(double upper_bound, std::int64_t count) {
    const auto bucket = std::ranges::lower_bound(bounds, upper_bound);
    counts_[static_cast<std::size_t>(bucket - bounds.begin())] += count;
}

Latencies& Latencies::operator+=(const Latencies& other) {
    for (std::size_t i = 0; i < size; ++i) counts_[i] += other.counts_[i];
    return *this;
}

Latencies& Latencies::operator-=(const Latencies& other) {
    for (std::size_t i = 0; i < size; ++i) counts_[i] -= other.counts_[i];
    return *this;
}

std::int64_t Latencies::total() const noexcept {
    return std::accumulate(counts_.begin(), counts_.end(), std::int64_t{0});
}

std::optional<std::chrono::microseconds> Latencies::quantile(double q) const {
    const auto all = total();
    if (all == 0) return std::nullopt;
    const auto rank = q * static_cast<double>(all);
    double before = 0;
    double seconds = bounds.back();
    for (std::size_t i = 0; i < bounds.size(); ++i) {
        const auto inside = static_cast<double>(counts_[i]);
        if (inside > 0 && before + inside >= rank) {
            const auto lower = i == 0 ? 0.0 : bounds[i - 1];
            seconds = lower + (bounds[i] - lower) * std::max(0.0, rank - before) / inside;
            break;
        }
        before += inside;
    }
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::duration<double>(seconds));
}

}  // namespace orderflow::instances
