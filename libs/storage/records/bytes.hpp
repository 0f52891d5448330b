// Bytes of a row: a compact encoding with a checksum at its end. Described in docs/formats/order-store.md, "Records".
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "libs/base/clock.hpp"

namespace orderflow::storage {

class ByteWriter {
  public:
    explicit ByteWriter(std::uint8_t format) { byte(format); }

    void byte(std::uint8_t value) { bytes_.push_back(static_cast<char>(value)); }
    void flag(bool value) { byte(value ? 1 : 0); }
    // Seven bits a byte, lowest first.
    void natural(std::uint64_t value);
    // Small for small values of both signs.
    void integer(std::int64_t value);
    void time(WallTime at) { integer(to_unix_ms(at)); }
    void text(std::string_view value);
    void raw(std::span<const std::byte> value);

    // A flag, then the value if there is one: `optional(draft.notes, [&](const auto& notes) { w.text(notes); });`
    template <class T, class Write>
    void optional(const std::optional<T>& value, Write write) {
        flag(value.has_value());
        if (value) write(*value);
    }
    void optional_text(const std::optional<std::string>& value) {
        optional(value, [this](const std::string& present) { text(present); });
    }

    // The record, with the checksum over `key` (what identifies the row) and the record.
    std::string sealed(std::span<const std::byte> key) &&;

  private:
    std::string bytes_;
};

// Reads what a ByteWriter wrote. After the first thing that does not fit, every read gives an empty value and ok() is
// false: a decoder reads to its end and asks once.
class ByteReader {
  public:
    // `expected_format` is compared with the first byte; the checksum with `key` and the rest.
    ByteReader(std::span<const std::byte> sealed, std::span<const std::byte> key, std::uint8_t expected_format);

    std::uint8_t byte();
    bool flag() { return limited(2) == 1; }
    std::uint64_t natural();
    std::int64_t integer();
    WallTime time() { return from_unix_ms(integer()); }
    std::string_view text();
    std::optional<std::string> optional_text();
    template <std::size_t n>
    std::array<std::byte, n> raw() {
        std::array<std::byte, n> value{};
        const auto from = take(n);
        std::copy(from.begin(), from.end(), value.begin());
        return value;
    }
    // A byte below `bound`: an enum, a flag.
    std::uint8_t limited(std::uint8_t bound);
    // How many elements follow; each takes at least one byte, so a count never asks for more memory than the row has.
    std::size_t count();

    // Everything fitted so far.
    bool ok() const noexcept { return ok_; }
    // Everything fitted and nothing is left.
    bool finished() const noexcept { return ok_ && rest_.empty(); }
    void spoil() noexcept {
        ok_ = false;
        rest_ = {};
    }

  private:
    std::span<const std::byte> take(std::size_t n);

    std::span<const std::byte> rest_;
    bool ok_ = true;
};

// The same record under another key, byte for byte but for its checksum; nothing when that does not match `before`.
std::optional<std::string> reseal(std::span<const std::byte> sealed, std::span<const std::byte> before,
                                  std::span<const std::byte> after);

// Integers as the key of a checksum.
template <class... Integers>
std::array<std::byte, 8 * sizeof...(Integers)> key_of(Integers... values) {
    std::array<std::byte, 8 * sizeof...(Integers)> key{};
    std::size_t at = 0;
    const auto append = [&](std::uint64_t value) {
        for (int i = 0; i < 8; ++i, value >>= 8U) key[at++] = static_cast<std::byte>(value & 0xffU);
    };
    (append(static_cast<std::uint64_t>(values)), ...);
    return key;
}

}  // namespace orderflow::storage
