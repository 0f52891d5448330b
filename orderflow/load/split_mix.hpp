// SplitMix64: a stream of numbers from one seed, for choices that must be the same whenever they are made again.
// Source: Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014. Not for secrets.
#pragma once

#include <cstdint>

namespace orderflow::load {

class SplitMix64 {
  public:
    explicit SplitMix64(std::uint64_t seed) : state_(seed) {}
    // The stream of the `index`-th thing of a run.
    SplitMix64(std::uint64_t seed, std::uint64_t index) : state_(mix(seed) ^ mix(index * gamma)) {}

    std::uint64_t next() {
        state_ += gamma;
        return mix(state_);
    }
    // Uniform in [0, bound); bound > 0 and below 2^32.
    std::uint64_t below(std::uint64_t bound) { return ((next() >> 32U) * bound) >> 32U; }

  private:
    static constexpr std::uint64_t gamma = 0x9e3779b97f4a7c15U;
    static std::uint64_t mix(std::uint64_t z) {
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31U);
    }

    std::uint64_t state_;
};

}  // namespace orderflow::load
