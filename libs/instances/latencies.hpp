// Latencies: how many things took how long, in fixed buckets, so that those of several programs can be added.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace orderflow::instances {

class Latencies {
  public:
    // Upper bounds of the buckets in seconds; a last bucket holds what took longer. The bounds of the metrics that are
    // put in are among them.
    static constexpr std::array<double, 22> bounds{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                                   0.05,   0.1,     0.15,   0.25,  0.5,    1,     2.5,  5,
                                                   10,     30,      60,     300,   900,    3600};
    static constexpr std::size_t size = bounds.size() + 1;
    using Counts = std::array<std::int64_t, size>;

    Latencies() = default;
    explicit Latencies(const Counts& counts) : counts_(counts) {}

    // `count` things that took at most `upper_bound` seconds; infinity is allowed.
    void add(double upper_bound, std::int64_t count);
    Latencies& operator+=(const Latencies& other);
    Latencies& operator-=(const Latencies& other);

    std::int64_t total() const noexcept;
    const Counts& counts() const noexcept { return counts_; }

    // The time that a share `q` (0 to 1) of them did not exceed: within its bucket they are taken to lie evenly. Beyond
    // the last bound there is only that bound to tell. Nothing when there are none.
    std::optional<std::chrono::microseconds> quantile(double q) const;

    friend bool operator==(const Latencies&, const Latencies&) = default;

  private:
    Counts counts_{};
};

}  // namespace orderflow::instances
