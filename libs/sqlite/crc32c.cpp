#include "libs/sqlite/crc32c.hpp"

#include <array>
#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#elif defined(__aarch64__)
#include <arm_acle.h>
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

namespace orderflow::sqlite {

namespace {

constexpr std::uint32_t reflected_polynomial = 0x82F63B78;

constexpr std::array<std::uint32_t, 256> table = [] {
    std::array<std::uint32_t, 256> entries{};
    for (std::uint32_t byte = 0; byte < entries.size(); ++byte) {
        std::uint32_t value = byte;
        for (int bit = 0; bit < 8; ++bit) value = (value >> 1U) ^ ((value & 1U) != 0 ? reflected_polynomial : 0);
        entries[byte] = value;
    }
    return entries;
}();

#if defined(__x86_64__)

__attribute__((target("sse4.2"))) std::uint32_t with_instruction(std::span<const std::byte> bytes,
                                                                 std::uint32_t seed) noexcept {
    std::uint64_t value = ~seed;
    while (bytes.size() >= sizeof(std::uint64_t)) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data(), sizeof(word));
        value = _mm_crc32_u64(value, word);
        bytes = bytes.subspan(sizeof(word));
    }
    auto narrow = static_cast<std::uint32_t>(value);
    for (const auto byte : bytes) narrow = _mm_crc32_u8(narrow, std::to_integer<std::uint8_t>(byte));
    return ~narrow;
}

bool has_instruction() noexcept { return __builtin_cpu_supports("sse4.2") != 0; }

#elif defined(__aarch64__)

__attribute__((target("crc"))) std::uint32_t with_instruction(std::span<const std::byte> bytes,
                                                              std::uint32_t seed) noexcept {
    std::uint32_t value = ~seed;
    while (bytes.size() >= sizeof(std::uint64_t)) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data(), sizeof(word));
        value = __crc32cd(value, word);
        bytes = bytes.subspan(sizeof(word));
    }
    for (const auto byte : bytes) value = __crc32cb(value, std::to_integer<std::uint8_t>(byte));
    return ~value;
}

bool has_instruction() noexcept { return (::getauxval(AT_HWCAP) & HWCAP_CRC32) != 0; }

#else

std::uint32_t with_instruction(std::span<const std::byte> bytes, std::uint32_t seed) noexcept {
    return crc32c_portable(bytes, seed);
}

bool has_instruction() noexcept { return false; }

#endif

}  // namespace

std::uint32_t crc32c_portable(std::span<const std::byte> bytes, std::uint32_t seed) noexcept {
    std::uint32_t value = ~seed;
    for (const auto byte : bytes) value = (value >> 8U) ^ table[(value ^ std::to_integer<std::uint32_t>(byte)) & 0xffU];
    return ~value;
}

std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t seed) noexcept {
    static const bool fast = has_instruction();
    return fast ? with_instruction(bytes, seed) : crc32c_portable(bytes, seed);
}

}  // namespace orderflow::sqlite
