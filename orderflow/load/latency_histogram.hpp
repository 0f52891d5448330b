// LatencyHistogram: counts durations in buckets whose width grows with the duration, after Gil Tene's HdrHistogram: any
// percentile to within 1 % (relative), in a fixed 21 KB, without a floating-point number.
#pragma once

#include <array>
#include <bit>
#include <chrono>
#include <cstdint>

namespace orderflow::load {

class LatencyHistogram {
  public:
    using Duration = std::chrono::nanoseconds;

    // Negative durations count as 0, those over a day as a day.
    void add(Duration value);
    void add(const LatencyHistogram& other);
    void clear() { *this = {}; }

    std::uint64_t count() const { return count_; }
    Duration max() const { return max_; }
    // The upper end of the bucket that holds the value at `per_mille` thousandths of the way: 500 is the median, 999
    // the 99.9th percentile. Never above max(); 0 when nothing was counted.
    Duration at(unsigned per_mille) const;

  private:
    static constexpr unsigned sub_bits = 7;  // 128 buckets for each doubling: 0.8 %
    static constexpr std::uint64_t sub_count = 1U << sub_bits;
    static constexpr Duration longest = std::chrono::hours(24);
    static constexpr std::size_t bucket_count =
        (static_cast<std::size_t>(std::bit_width(static_cast<std::uint64_t>(longest.count()))) - sub_bits + 1) *
        sub_count;

    static std::size_t bucket_of(std::uint64_t value);
    static std::uint64_t end_of(std::size_t bucket);

    std::array<std::uint32_t, bucket_count> buckets_{};
    std::uint64_t count_ = 0;
    Duration max_{};
};

}  // namespace orderflow::load
