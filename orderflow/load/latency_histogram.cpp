#include "orderflow/load/latency_histogram.hpp"

#include <algorithm>
#include <bit>

namespace orderflow::load {

// Values below 2 * sub_count have a bucket each; above, each doubling is cut into sub_count buckets.
std::size_t LatencyHistogram::bucket_of(std::uint64_t value) {
    const auto width = static_cast<unsigned>(std::bit_width(value | (sub_count - 1)));
    const auto shift = width - sub_bits - (width > sub_bits ? 1U : 0U);
    return static_cast<std::size_t>(shift * sub_count + (value >> shift));
}

std::uint64_t LatencyHistogram::end_of(std::size_t bucket) {
    if (bucket < 2 * sub_count) return bucket;
    const auto shift = bucket / sub_count - 1;
    const auto sub = bucket - shift * sub_count;
    return ((sub + 1) << shift) - 1;
}

void LatencyHistogram::add(Duration value) {
    value = std::clamp(value, Duration::zero(), longest);
    ++buckets_[bucket_of(static_cast<std::uint64_t>(value.count()))];
    ++count_;
    max_ = std::max(max_, value);
}

void LatencyHistogram::add(const LatencyHistogram& other) {
    for (std::size_t i = 0; i < bucket_count; ++i) buckets_[i] += other.buckets_[i];
    count_ += other.count_;
    max_ = std::max(max_, other.max_);
}

LatencyHistogram::Duration LatencyHistogram::at(unsigned per_mille) const {
    if (count_ == 0) return {};
    constexpr std::uint64_t whole = 1000;
    const auto rank = std::max<std::uint64_t>(1, (count_ * per_mille + whole - 1) / whole);
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < bucket_count; ++i) {
        seen += buckets_[i];
        if (seen >= rank) return std::min(max_, Duration(static_cast<std::int64_t>(end_of(i))));
    }
    return max_;
}

}  // namespace orderflow::load
