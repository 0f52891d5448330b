#include "libs/storage/records/bytes.hpp"

#include <bit>

#include "libs/base/safeguard.hpp"
#include "libs/sqlite/crc32c.hpp"
#include "libs/sqlite/statement.hpp"

namespace orderflow::storage {

namespace {

constexpr std::size_t checksum_bytes = 4;

std::array<std::byte, checksum_bytes> checksum(std::span<const std::byte> key, std::span<const std::byte> record) {
    auto value = sqlite::crc32c(record, sqlite::crc32c(key));
    std::array<std::byte, checksum_bytes> bytes{};
    for (auto& byte : bytes) {
        byte = static_cast<std::byte>(value & 0xffU);
        value >>= 8U;
    }
    return bytes;
}

}  // namespace

void ByteWriter::natural(std::uint64_t value) {
    while (value >= 0x80) {
        byte(static_cast<std::uint8_t>(value | 0x80U));
        value >>= 7U;
    }
    byte(static_cast<std::uint8_t>(value));
}

void ByteWriter::integer(std::int64_t value) {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    natural((bits << 1U) ^ (value < 0 ? ~std::uint64_t{0} : 0));
}

void ByteWriter::text(std::string_view value) {
    natural(value.size());
    bytes_.append(value);
}

void ByteWriter::raw(std::span<const std::byte> value) { bytes_.append(sqlite::as_text(value)); }

std::string ByteWriter::sealed(std::span<const std::byte> key) && {
    const auto sum = checksum(key, sqlite::as_blob(bytes_));
    raw(sum);
    return std::move(bytes_);
}

ByteReader::ByteReader(std::span<const std::byte> sealed, std::span<const std::byte> key,
                       std::uint8_t expected_format) {
    if (sealed.size() < checksum_bytes) {
        spoil();
        return;
    }
    rest_ = sealed.first(sealed.size() - checksum_bytes);
    const auto sum = checksum(key, rest_);
    const bool intact = std::equal(sum.begin(), sum.end(), sealed.last(checksum_bytes).begin());
    if ((!intact && safeguard(Safeguard::store_checksum)) || byte() != expected_format) spoil();
}

std::optional<std::string> reseal(std::span<const std::byte> sealed, std::span<const std::byte> before,
                                  std::span<const std::byte> after) {
    if (sealed.size() < checksum_bytes) return std::nullopt;
    const auto record = sealed.first(sealed.size() - checksum_bytes);
    const auto sum = checksum(before, record);
    const bool intact = std::equal(sum.begin(), sum.end(), sealed.last(checksum_bytes).begin());
    if (!intact && safeguard(Safeguard::store_checksum)) return std::nullopt;
    std::string resealed(sqlite::as_text(record));
    resealed.append(sqlite::as_text(checksum(after, record)));
    return resealed;
}

std::span<const std::byte> ByteReader::take(std::size_t n) {
    if (n > rest_.size()) {
        spoil();
        return {};
    }
    const auto taken = rest_.first(n);
    rest_ = rest_.subspan(n);
    return taken;
}

std::uint8_t ByteReader::byte() {
    const auto one = take(1);
    return one.empty() ? std::uint8_t{0} : std::to_integer<std::uint8_t>(one[0]);
}

std::uint64_t ByteReader::natural() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        const auto next = byte();
        value |= static_cast<std::uint64_t>(next & 0x7fU) << shift;
        if ((next & 0x80U) == 0) return value;
    }
    spoil();
    return 0;
}

std::int64_t ByteReader::integer() {
    const auto bits = natural();
    return std::bit_cast<std::int64_t>((bits >> 1U) ^ (~(bits & 1U) + 1));
}

std::string_view ByteReader::text() {
    const auto size = natural();
    return sqlite::as_text(take(size));
}

std::optional<std::string> ByteReader::optional_text() {
    if (!flag()) return std::nullopt;
    return std::string(text());
}

std::uint8_t ByteReader::limited(std::uint8_t bound) {
    const auto value = byte();
    if (value < bound) return value;
    spoil();
    return 0;
}

std::size_t ByteReader::count() {
    const auto value = natural();
    if (value <= rest_.size()) return value;
    spoil();
    return 0;
}

}  // namespace orderflow::storage
