// Randomness is a parameter, so that a run can be replayed from its seed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace orderflow {

class Entropy {
  public:
    virtual ~Entropy() = default;
    // Fills the whole span. Any thread. The production source is cryptographically strong.
    virtual void fill(std::span<std::byte> out) = 0;

    std::uint64_t next_u64() {
        std::uint64_t value = 0;
        fill(std::as_writable_bytes(std::span(&value, 1)));
        return value;
    }

    // Uniform in [0, bound). bound > 0. Multiply-shift: the bias is below bound / 2^64.
    std::uint64_t below(std::uint64_t bound) {
        return static_cast<std::uint64_t>((static_cast<unsigned __int128>(next_u64()) * bound) >> 64U);
    }
};

}  // namespace orderflow
