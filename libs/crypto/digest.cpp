#include "libs/crypto/digest.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <string>

#include "libs/base/invariant.hpp"

namespace orderflow::crypto {
namespace {

unsigned char* raw(std::byte* bytes) { return reinterpret_cast<unsigned char*>(bytes); }

}  // namespace

Sha256 sha256(std::string_view data) {
    Sha256 out;
    const int ok = EVP_Digest(data.data(), data.size(), raw(out.data()), nullptr, EVP_sha256(), nullptr);
    ORDERFLOW_INVARIANT(ok == 1);
    return out;
}

Sha256 hmac_sha256(std::span<const std::byte> key, std::initializer_list<std::string_view> parts) {
    std::string joined;
    for (const auto part : parts) joined += part;
    Sha256 out;
    const auto* mac =
        HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
             reinterpret_cast<const unsigned char*>(joined.data()), joined.size(), raw(out.data()), nullptr);
    ORDERFLOW_INVARIANT(mac != nullptr);
    return out;
}

bool equal_in_constant_time(std::span<const std::byte> a, std::span<const std::byte> b) noexcept {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace orderflow::crypto
