// SeededEntropy: randomness that a test can replay (splitmix64). Not for production.
#pragma once

#include <algorithm>
#include <cstring>

#include "libs/base/entropy.hpp"

namespace orderflow {

class SeededEntropy final : public Entropy {
  public:
    explicit SeededEntropy(std::uint64_t seed) : state_(seed) {}

    void fill(std::span<std::byte> out) override {
        while (!out.empty()) {
            const auto word = next();
            const auto n = std::min(out.size(), sizeof(word));
            std::memcpy(out.data(), &word, n);
            out = out.subspan(n);
        }
    }

  private:
    std::uint64_t next() {
        state_ += 0x9E3779B97F4A7C15U;
        auto z = state_;
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
        return z ^ (z >> 31U);
    }

    std::uint64_t state_;
};

}  // namespace orderflow
