// RunHash: a running hash of everything that a simulated run does, so that two runs of one seed can be compared to the
// bit. No cryptography.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace orderflow {

class RunHash {
  public:
    void add(std::uint64_t value) {
        state_ = (state_ ^ value) * 0x9E3779B97F4A7C15U;
        state_ ^= state_ >> 32U;
    }
    void add(std::span<const std::byte> bytes) {
        add(bytes.size());
        while (bytes.size() >= sizeof(std::uint64_t)) {
            std::uint64_t word = 0;
            std::memcpy(&word, bytes.data(), sizeof(word));
            add(word);
            bytes = bytes.subspan(sizeof(word));
        }
        std::uint64_t rest = 0;
        if (!bytes.empty()) std::memcpy(&rest, bytes.data(), bytes.size());
        add(rest);
    }
    void add(std::string_view text) { add(std::as_bytes(std::span(text.data(), text.size()))); }

    std::uint64_t value() const noexcept { return state_; }

  private:
    std::uint64_t state_ = 0xCBF29CE484222325U;
};

}  // namespace orderflow
