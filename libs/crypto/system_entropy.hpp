// The operating system's randomness, for composition roots.
#pragma once

#include "libs/base/entropy.hpp"

namespace orderflow::crypto {

// Cryptographically strong (OpenSSL's generator, seeded by the kernel). Ends the process when there is none. Any
// thread; each keeps some bytes in store, so a process that forks must not use it on both sides (ours never fork).
class SystemEntropy final : public Entropy {
  public:
    void fill(std::span<std::byte> out) override;
};

}  // namespace orderflow::crypto
