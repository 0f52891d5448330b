// Digests and MACs, by OpenSSL.
#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace orderflow::crypto {

using Sha256 = std::array<std::byte, 32>;

Sha256 sha256(std::string_view data);

// SHA-256 of what comes in pieces.
class Sha256Stream {
  public:
    Sha256Stream();
    Sha256Stream(Sha256Stream&&) noexcept;
    Sha256Stream& operator=(Sha256Stream&&) noexcept;
    ~Sha256Stream();

    void add(std::span<const std::byte> bytes);
    // Once; afterwards it can only be destroyed.
    Sha256 finish();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

// MD5 (RFC 1321) as 32 lower-case hexadecimal digits: a checksum of Amazon SQS against accidents, no protection.
std::string md5_hex(std::string_view data);

// A key of HMAC-SHA-256 (RFC 2104), prepared once: the two hash states that depend on the key alone are kept, so that a
// MAC costs the hashing of its message and no setup. Any thread may use one key at the same time.
class HmacKey {
  public:
    // The key may have any length from 1 byte.
    explicit HmacKey(std::span<const std::byte> key);
    HmacKey(HmacKey&&) noexcept;
    HmacKey& operator=(HmacKey&&) noexcept;
    ~HmacKey();

    // The MAC over the concatenation of the parts.
    Sha256 mac(std::initializer_list<std::string_view> parts) const;

  private:
    struct States;
    std::unique_ptr<const States> states_;
};

// Compares in a time that depends on the lengths only.
bool equal_in_constant_time(std::span<const std::byte> a, std::span<const std::byte> b) noexcept;

}  // namespace orderflow::crypto
