// The operating system's randomness, for composition roots.
#pragma once

#include "libs/base/entropy.hpp"

namespace orderflow::crypto {

// Cryptographically strong (OpenSSL's generator, seeded by the kernel). Ends the process when there is none.
class SystemEntropy final : public Entropy {
  public:
    void fill(std::span<std::byte> out) override;
};

}  // namespace orderflow::crypto
