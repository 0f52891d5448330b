// RequestIds: names for requests that came without one. Unique, and not to be guessed from another.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "libs/base/entropy.hpp"

namespace orderflow::net {

// For one core. Takes randomness from the source in blocks: one call of the kernel for 64 names.
class RequestIds {
  public:
    explicit RequestIds(Entropy& entropy) noexcept : entropy_(entropy) {}

    // Writes 32 hexadecimal digits (128 bit) and returns them.
    std::string_view next(std::array<char, 32>& out);

  private:
    static constexpr std::size_t id_bytes = 16;

    Entropy& entropy_;
    std::array<std::byte, 64 * id_bytes> block_{};
    std::size_t used_ = block_.size();
};

}  // namespace orderflow::net
