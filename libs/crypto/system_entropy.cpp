#include "libs/crypto/system_entropy.hpp"

#include <openssl/rand.h>

#include "libs/base/invariant.hpp"

namespace orderflow::crypto {

void SystemEntropy::fill(std::span<std::byte> out) {
    const int ok = RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(out.size()));
    ORDERFLOW_INVARIANT(ok == 1);
}

}  // namespace orderflow::crypto
